// How times and causes are put into words.

const two = n => String(n).padStart(2, '0');

/** Milliseconds as m:ss, or h:mm:ss from an hour on. */
export const clock = ms => {
  const s = Math.max(0, Math.floor(ms / 1000));
  const h = Math.floor(s / 3600);
  return h ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
};

/** The length of a hole in the audio. */
export const span = ms => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

export const timeOfDay = epochMs => new Date(epochMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

const endings = {
  stopped: 'The stream was stopped',
  callended: 'The call was hung up',
  disconnected: 'The line was cut',
  lost: 'The call was lost',
  drained: 'The service was restarted',
  idle: 'The caller sent nothing for too long',
  refused: 'The caller was refused',
  failed: 'The service failed',
  ended_by_operator: 'An operator ended the call',
};
export const ending = reason => endings[reason] ?? 'The call ended';

const states = {
  recognising: { badge: 'Live', title: 'Listening' },
  waiting: { badge: 'Waiting', title: 'Waiting for a free recogniser' },
  retrying: { badge: 'Retrying', title: 'The recogniser dropped out; trying again' },
  fallback: { badge: 'Fallback', title: 'Carrying on with the other recogniser' },
  lost: { badge: 'Lost', title: 'The worker of this call is away' },
  failed: { badge: 'Failed', title: 'The recogniser gave up on this call' },
};
export const stateText = state => states[state] ?? states.recognising;
