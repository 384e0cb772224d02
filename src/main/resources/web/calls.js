// What the page knows: the calls, built from transcript events. Whoever shows a part of it listens to that part only.

/** Ended calls the tab keeps; the server keeps its own for ten minutes. */
const MAX_ENDED = 200;
/** Lines the tab keeps of one call, about 20 hours of talk; downloads have all. */
const MAX_LINES = 20_000;
/** Reasons of a gap that goes on are gathered up to this. */
const MAX_REASON_CHARS = 500;
/** Alerts of one call that the page shows; a wall of them says no more. */
const MAX_ALERTS = 5;
/** A call that is quiet for so long may be on hold, or its worker is away: the server knows. */
const QUIET_MS = 60_000;
/** Lines of a block; a full block is not rendered again, unless a gap at its end goes on. */
export const BLOCK = 40;

/** Since when nothing is heard of any call, by Date.now(); null while the line is up. */
export const line = { downSinceMs: null };

export const keyOf = (tenant, interaction) => `${encodeURIComponent(tenant)}/${encodeURIComponent(interaction)}`;

export class Call extends EventTarget {
  state = 'live';
  status = null;
  provider = null;
  from = null;
  to = null;
  endedMs = null;
  endReason = null;
  durationMs = null;
  /** The words of the last final that had any. */
  lastSaid = '';
  lastSeq = -Infinity;
  /** When the server last told of this call, by performance.now(), and by Date.now(). */
  heardAt = 0;
  heardAtMs = Date.now();
  /** When its last event happened, by the server's clock. */
  happenedMs = 0;
  /** Whether the call's worker is away, as the server says. */
  lost = false;
  /** Whether the end is the page's own guess; the next event of the call proves it wrong. */
  guessed = false;
  gaps = 0;
  lines = 0;
  dropped = 0;
  /** Turns in blocks: a turn is what one voice says until it pauses; { key, start, channel, speaker, texts, open } or a gap. */
  blocks = [];
  /** What routes of the service found in finals, the newest last. */
  alerts = [];
  partials = new Map();
  channels = new Set();
  speakers = new Set();

  constructor(key, event) {
    super();
    this.key = key;
    this.id = event.interaction_id;
    this.tenant = event.tenant_id;
    this.startedMs = event.timestamp_ms ?? Date.now();
  }

  get live() {
    return this.state === 'live';
  }

  /** How long the call lasted, or has lasted as far as anybody here has heard. */
  get lastedMs() {
    return this.live ? (line.downSinceMs ?? Date.now()) - this.startedMs : this.durationMs;
  }

  /** The newest words: those of a partial, until a final replaces it. */
  get lastWords() {
    const newest = [...this.partials.values()].filter(partial => partial.text).sort((a, b) => b.seq - a.seq)[0];
    return newest?.text ?? this.lastSaid;
  }

  get title() {
    return this.from || this.to ? `${this.from ?? 'unknown'} → ${this.to ?? 'unknown'}` : this.id;
  }

  label(turn) {
    if (this.channels.size > 1) return `Channel ${turn.channel + 1}`;
    return this.speakers.size > 1 && turn.speaker != null ? `Speaker ${turn.speaker + 1}` : null;
  }

  /** A number from 0 that goes with the label, for its colour. */
  voice(turn) {
    return (this.channels.size > 1 ? turn.channel : (turn.speaker ?? 0)) % 4;
  }

  /** The turn that the next words of this voice would continue, or null. */
  openTurn(channel, speaker) {
    const last = this.blocks.at(-1)?.at(-1);
    const same = last?.open && last.channel === channel && (speaker === undefined || last.speaker === speaker);
    return same ? last : null;
  }

  /** Takes in an event; gives what changed: 'lines', 'interim', 'state' or null for a repeat. */
  apply(event) {
    if (event.seq <= this.lastSeq) return null;
    this.lastSeq = event.seq;
    this.happenedMs = event.timestamp_ms;
    this.setLost(false);
    switch (event.type) {
      case 'call_started':
        // One with a start in the transcript goes on with a call that began before.
        if (event.start_ms === undefined) this.startedMs = event.timestamp_ms;
        this.from = event.from ?? this.from;
        this.to = event.to ?? this.to;
        return 'state';
      case 'partial':
        this.partials.set(event.channel ?? 0, event);
        this.channels.add(event.channel ?? 0);
        return 'interim';
      case 'final':
        return this.#addFinal(event);
      case 'gap':
        return this.#addGap(event);
      case 'status':
        this.status = { state: event.state, reason: event.reason ?? null, provider: event.provider ?? null };
        this.provider = event.provider ?? this.provider;
        return 'state';
      case 'call_ended':
        this.end(event.reason, event.timestamp_ms, event.duration_ms);
        return 'state';
      default:
        return null;
    }
  }

  /** A route of the service found something in a final; it is shown as long as the page has the call. */
  alert({ final_seq, name }) {
    this.alerts = [...this.alerts.slice(1 - MAX_ALERTS), { seq: final_seq, name }];
    this.dispatchEvent(new Event('state'));
  }

  setLost(lost) {
    if (lost === this.lost) return;
    this.lost = lost;
    this.dispatchEvent(new Event('state'));
  }

  end(reason, atMs, durationMs) {
    this.lost = false;
    this.state = 'ended';
    this.endReason = reason;
    this.endedMs = atMs;
    this.durationMs = durationMs ?? Math.max(0, atMs - this.startedMs);
    this.partials.clear();
    this.#closeTurn();
  }

  /** Ends a call that the server no longer knows, as far as the page can tell. */
  giveUp() {
    this.end('lost', this.heardAtMs);
    this.guessed = true;
  }

  revive() {
    this.guessed = false;
    this.state = 'live';
    this.endReason = this.endedMs = this.durationMs = null;
  }

  #addFinal(event) {
    const channel = event.channel ?? 0;
    const speaker = event.speaker ?? null;
    this.partials.delete(channel);
    const text = event.text?.trim();
    if (!text) {
      // No words: the utterance before it is over, or what a partial said was not said after all.
      if (event.utterance_end && this.openTurn(channel)) this.#closeTurn();
      return 'lines';
    }
    this.channels.add(channel);
    if (speaker != null) this.speakers.add(speaker);
    this.lastSaid = text;
    const said = { key: event.seq, text, language: event.language };
    const turn = this.openTurn(channel, speaker);
    if (turn) {
      const next = { ...turn, texts: [...turn.texts, said], open: !event.utterance_end };
      this.blocks[this.blocks.length - 1] = [...this.blocks.at(-1).slice(0, -1), next];
    } else {
      this.#closeTurn();
      this.#push({ key: event.seq, start: event.start_ms, channel, speaker, texts: [said], open: !event.utterance_end });
    }
    return 'lines';
  }

  /** A loss that goes on comes as several gaps, which touch: they are shown as one, with each reason once. */
  #addGap(event) {
    const last = this.blocks.at(-1)?.at(-1);
    if (last?.gap && event.start_ms <= last.end && last.start <= event.end_ms) {
      const room = !last.reason.includes(event.reason) && last.reason.length < MAX_REASON_CHARS;
      const reason = room ? `${last.reason}; ${event.reason}` : last.reason;
      const whole = { ...last, start: Math.min(last.start, event.start_ms), end: Math.max(last.end, event.end_ms), reason };
      this.blocks[this.blocks.length - 1] = [...this.blocks.at(-1).slice(0, -1), whole];
      return 'lines';
    }
    this.gaps++;
    this.#closeTurn();
    this.#push({ key: event.seq, gap: true, start: event.start_ms, end: event.end_ms, reason: event.reason });
    return 'lines';
  }

  #closeTurn() {
    const block = this.blocks.at(-1);
    if (block?.at(-1)?.open) {
      this.blocks[this.blocks.length - 1] = [...block.slice(0, -1), { ...block.at(-1), open: false }];
    }
  }

  #push(line) {
    if (!this.blocks.length || this.blocks.at(-1).length >= BLOCK) this.blocks.push([]);
    this.blocks[this.blocks.length - 1] = [...this.blocks.at(-1), line];
    if (++this.lines > MAX_LINES) {
      const gone = this.blocks.shift().length;
      this.lines -= gone;
      this.dropped += gone;
    }
  }
}

/** All calls. Fires `list` when calls come, go or end; each call fires `lines`, `interim` and `state` of its own. */
export class Calls extends EventTarget {
  #calls = new Map();
  /** The call on show is kept, however long ago it ended. */
  selected = null;

  get(key) {
    return this.#calls.get(key);
  }

  get size() {
    return this.#calls.size;
  }

  /** Live calls, newest first, then those that ended, latest end first. */
  sorted() {
    return [...this.#calls.values()].sort((a, b) =>
      a.live !== b.live ? (a.live ? -1 : 1) : a.live ? b.startedMs - a.startedMs : b.endedMs - a.endedMs);
  }

  apply(event) {
    const key = keyOf(event.tenant_id, event.interaction_id);
    let call = this.#calls.get(key);
    if (event.type === 'call_erased') {
      // A call that has started again since, under the same id, stays.
      if (call && (!call.live || event.seq > call.lastSeq)) {
        this.#calls.delete(key);
        this.#changed();
      }
      return;
    }
    if (event.type === 'alert') {
      // It has no seq, and nobody gets it twice.
      call?.alert(event);
      return;
    }
    const starts = call && !call.live && event.type === 'call_started';
    // A start whose seq goes on: so does the call, over another socket.
    const goesOn = starts && event.seq > call.lastSeq;
    // The same id in a later call: the new call takes the old one's place. A guessed end is of this computer's clock.
    const reused = starts && !goesOn
      && event.timestamp_ms > (call.guessed ? call.startedMs : call.endedMs);
    if (!call || reused) {
      call = new Call(key, event);
      this.#calls.set(key, call);
      this.#changed();
    } else if (goesOn || (call.guessed && event.seq > call.lastSeq)) {
      call.revive();
      call.dispatchEvent(new Event('state'));
      this.#changed();
    } else if (!call.live) {
      return;
    }
    call.heardAt = performance.now();
    call.heardAtMs = Date.now();
    const change = call.apply(event);
    if (!change) return;
    call.dispatchEvent(new Event(change));
    if (event.type === 'call_ended') {
      this.#forget();
      this.#changed();
    }
  }

  /**
   * Takes over what the server knows of live calls: which are lost, and which it no longer knows, as they did not
   * survive what cut the line, or were lost for too long. A call that was heard of since the server was asked (askedAt,
   * by performance.now()) stays live; one that ended is told of on the line, with its reason.
   */
  reconcile(serverCalls, askedAt) {
    const states = new Map(serverCalls.map(call => [keyOf(call.tenant_id, call.interaction_id), call.state]));
    for (const call of this.#calls.values()) {
      if (!call.live || call.heardAt >= askedAt) continue;
      if (states.has(call.key)) {
        call.setLost(states.get(call.key) === 'lost');
      } else {
        call.giveUp();
        call.dispatchEvent(new Event('state'));
        this.#changed();
      }
    }
  }

  /** Whether a call may be lost: nothing was heard of it for a while, or it was lost when the server was asked last. */
  get anyQuiet() {
    const now = Date.now();
    return [...this.#calls.values()].some(call => call.live && (call.lost || now - call.happenedMs > QUIET_MS));
  }

  /**
   * Marks the calls that the server takes for lost (asked at askedAt, by performance.now()). Gives whether a call that
   * was lost is not among them: it is live again, or the server no longer knows it.
   */
  markLost(lostCalls, askedAt) {
    const lost = new Set(lostCalls.map(call => keyOf(call.tenant_id, call.interaction_id)));
    const asked = [...this.#calls.values()].filter(call => call.live && call.heardAt < askedAt);
    for (const call of asked) if (lost.has(call.key)) call.setLost(true);
    return asked.some(call => call.lost && !lost.has(call.key));
  }

  /** Forgets everything: whoever looks on from now may not be who was allowed to see it. */
  clear() {
    this.#calls.clear();
    this.#changed();
  }

  #forget() {
    const ended = this.sorted().filter(call => !call.live && call.key !== this.selected);
    for (const call of ended.slice(MAX_ENDED)) this.#calls.delete(call.key);
  }

  #changed() {
    this.dispatchEvent(new Event('list'));
  }
}
