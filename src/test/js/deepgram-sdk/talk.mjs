// A call over Deepgram's own client: connects, streams audio, keeps silent for a while, asks for finals, ends. What the
// client or its types have against the stand-in is told on stderr, and the exit code is 1; what was heard goes to stdout.
//
//   DEEPGRAM_URL=ws://127.0.0.1:9091 node talk.mjs AUDIO.pcm SAMPLE_RATE
import { readFileSync } from 'node:fs';
import { DeepgramClient } from '@deepgram/sdk';
import { typeFaults } from './types.mjs';

const FRAME_MS = 100;
/** Longer than what Deepgram waits for a frame. */
const SILENCE_MS = 12_000;
const KEEP_ALIVE_EVERY_MS = 4_000;
const PATIENCE_MS = 15_000;

const [file, rateText] = process.argv.slice(2);
const rate = Number(rateText);
const audio = readFileSync(file);
const frameBytes = (rate * FRAME_MS) / 1000 * 2;

const complaints = [];
const complain = what => complaints.push(String(what?.stack ?? what));
// The client tells of what goes wrong in its own handlers on the console only.
console.error = (...words) => complain(words.join(' '));
console.warn = console.error;
process.on('unhandledRejection', complain);
process.on('uncaughtException', complain);

const pause = ms => new Promise(done => setTimeout(done, ms));

const until = async (what, condition) => {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
};

const connect = apiKey =>
  new DeepgramClient({ apiKey, baseUrl: process.env.DEEPGRAM_URL }).listen.v1.connect({
    model: 'nova-3',
    language: 'en-IN',
    encoding: 'linear16',
    sample_rate: rate,
    channels: 1,
    interim_results: 'true',
    utterance_end_ms: 1000,
    endpointing: 300,
    vad_events: 'true',
    smart_format: 'true',
    diarize: 'true',
    keyterm: ['rtaa', 'voicebot'],
    tag: ['stand-in'],
    reconnectAttempts: 0,
  });

/** Sends audio no faster than it is spoken. */
const speak = async (connection, from, to) => {
  const begun = Date.now();
  for (let at = from; at < to; at += frameBytes) {
    connection.sendMedia(audio.subarray(at, Math.min(to, at + frameBytes)));
    await pause(begun + ((at - from) / frameBytes + 1) * FRAME_MS - Date.now());
  }
};

const talk = async () => {
  const messages = [];
  const closes = [];
  const connection = await connect('a-key');
  connection.on('message', message => messages.push(message));
  connection.on('close', close => closes.push(close.code));
  connection.on('error', complain);
  connection.connect();
  await connection.waitForOpen();

  connection.sendKeepAlive({ type: 'KeepAlive' });
  await pause(500);
  if (messages.length) complain('something was said before there was audio');

  const middle = Math.floor(audio.length / 2 / frameBytes) * frameBytes;
  await speak(connection, 0, middle);
  connection.sendFinalize({ type: 'Finalize' });
  await until('what Finalize asks for', () => messages.some(message => message.from_finalize));
  for (let silent = 0; silent < SILENCE_MS; silent += KEEP_ALIVE_EVERY_MS) {
    connection.sendKeepAlive({ type: 'KeepAlive' });
    await pause(KEEP_ALIVE_EVERY_MS);
  }
  await speak(connection, middle, audio.length);
  connection.sendCloseStream({ type: 'CloseStream' });
  await until('the close', () => closes.length);

  if (closes.join() !== '1000') complain(`closed with ${closes}, not with 1000`);
  if (messages.at(-1)?.type !== 'Metadata') complain('the last message is no Metadata');
  return messages;
};

/** A key that is not accepted: the client hears of the refusal's status. */
const refused = async () => {
  const connection = await connect('a-wrong-key');
  const errors = [];
  connection.on('error', error => errors.push(error.message));
  connection.connect();
  await connection.waitForOpen().then(() => complain('a wrong key opens the door'), () => {});
  await until('the refusal', () => errors.length);
  connection.close();
  return errors[0];
};

try {
  const messages = await talk();
  complaints.push(...typeFaults(messages));
  const results = messages.filter(message => message.type === 'Results');
  const finals = results.filter(message => message.is_final);
  console.log(JSON.stringify({
    words: finals.flatMap(final => final.channel.alternatives[0].words.map(word => word.word)),
    interims: results.length - finals.length,
    speechFinals: finals.filter(final => final.speech_final).length,
    fromFinalize: finals.filter(final => final.from_finalize).length,
    utteranceEnds: messages.filter(message => message.type === 'UtteranceEnd').length,
    speechStarts: messages.filter(message => message.type === 'SpeechStarted').length,
    refusal: await refused(),
  }));
} catch (error) {
  complain(error);
}
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
process.exit(complaints.length ? 1 : 0);
