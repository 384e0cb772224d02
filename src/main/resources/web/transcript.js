import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { clock, ending, span, stateText, timeOfDay } from './format.js';
import { BLOCK } from './calls.js';

/** Events of this long are shown together; a timer, for frames may stay away from a window that is covered. */
const RENDER_MS = 50;
/** Blocks in the document at once; earlier ones come on request. */
const SHOWN_BLOCKS = 25;
/** This close to the bottom counts as reading along. */
const AT_BOTTOM_PX = 60;
/** Where the keys that scroll take the reader: up or down. */
const KEYS = { ArrowUp: -1, PageUp: -1, Home: -1, ArrowDown: 1, PageDown: 1, End: 1 };
const FORMATS = ['txt', 'srt', 'vtt'];
/** What the reader says of a call whose worker is away, in place of its status. */
const LOST = { state: 'lost', reason: 'What is said is kept, and appears when a worker is back' };

/** Up to BLOCK lines. A full block keeps its properties and so is never rendered again. */
class Block extends LitElement {
  static properties = { lines: { attribute: false }, call: { attribute: false }, labels: {}, interim: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  #gap(line) {
    return html`<p class="gap" role="note"><time>${clock(line.start)}</time>
      <span>${span(line.end - line.start)} of audio lost – ${line.reason}</span></p>`;
  }

  #turn(turn) {
    const label = this.call.label(turn);
    const interim = turn.open ? this.interim : null;
    return html`<p class="turn" data-voice=${label ? this.call.voice(turn) : nothing}>
      <time>${clock(turn.start)}</time>
      <span class="said">${label ? html`<b class="who">${label}</b>` : nothing}${turn.texts.map(
        part => html`<span class="final" lang=${part.language ?? nothing}>${part.text} </span>`)}${interim
        ? html`<span class="interim" aria-hidden="true" lang=${interim.language ?? nothing}>${interim.text}</span>` : nothing}</span></p>`;
  }

  render() {
    return repeat(this.lines, line => line.key, line => (line.gap ? this.#gap(line) : this.#turn(line)));
  }
}
customElements.define('rtaa-block', Block);

/** The running transcript of one call; made anew for each call that is chosen. */
class Transcript extends LitElement {
  static properties = {
    call: { attribute: false },
    connection: { attribute: false },
    following: { state: true },
    shown: { state: true },
    problem: { state: true },
  };
  #due = 0;
  #ticker = 0;
  #sizes = null;
  #top = 0;
  #held = false;
  /** Where the reader moved last: 1 down, -1 up, 0 nowhere yet. */
  #heading = 0;
  #soon = () => (this.#due ||= setTimeout(() => ((this.#due = 0), this.requestUpdate()), RENDER_MS));

  constructor() {
    super();
    this.following = true;
    this.shown = SHOWN_BLOCKS;
    this.problem = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    for (const type of ['lines', 'interim', 'state']) this.call.addEventListener(type, this.#soon);
    this.#ticker = setInterval(() => this.call.live && this.requestUpdate(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const type of ['lines', 'interim', 'state']) this.call.removeEventListener(type, this.#soon);
    clearInterval(this.#ticker);
    clearTimeout(this.#due);
    this.#due = 0;
    this.#sizes?.disconnect();
  }

  firstUpdated() {
    // What is off screen is sized when it comes near: stay at the bottom through that too.
    this.#sizes = new ResizeObserver(() => this.#follow());
    this.#sizes.observe(this.querySelector('.lines'));
    this.#sizes.observe(this.#scroller);
    this.#watchHands();
  }

  updated() {
    this.#follow();
  }

  get #scroller() {
    return this.querySelector('.scroller');
  }

  #follow() {
    if (this.following) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #onScroll() {
    const box = this.#scroller;
    const rest = box.scrollHeight - box.scrollTop - box.clientHeight;
    const moved = Math.sign(box.scrollTop - this.#top);
    this.#top = box.scrollTop;
    if (this.#held && moved) this.#heading = moved;
    // Lines that find their size, and scrolls announced late, move things too: only a hand on the page means it.
    if (this.following && this.#held && moved < 0 && rest >= 2) this.following = false;
    else if (this.following) this.#follow();
    else if (this.#heading > 0 && rest < AT_BOTTOM_PX) this.following = true;
  }

  /** Wheel and keys say at once where the reader wants to go; a finger and the scroll bar say it by what they move. */
  #watchHands() {
    const on = (types, listener) => types.forEach(type => this.#scroller.addEventListener(type, listener, { passive: true }));
    on(['wheel'], event => this.#head(event.deltaY));
    on(['keydown'], event => this.#head(event.key === ' ' ? (event.shiftKey ? -1 : 1) : (KEYS[event.key] ?? 0)));
    on(['touchstart', 'pointerdown'], () => (this.#held = true));
    on(['touchend', 'touchcancel', 'pointerup'], () => (this.#held = false));
    // Not every browser tells when the scroll bar is let go.
    on(['pointermove'], event => (this.#held &&= event.buttons > 0));
  }

  #head(direction) {
    if (direction) this.#heading = Math.sign(direction);
    if (direction < 0 && this.#scroller.scrollHeight > this.#scroller.clientHeight) this.following = false;
  }

  #jump() {
    this.following = true;
    this.shown = SHOWN_BLOCKS;
    this.#follow();
    this.#scroller.focus({ preventScroll: true });
  }

  #duration() {
    return clock(this.call.lastedMs);
  }

  #href(format) {
    const { id, tenant } = this.call;
    return `api/calls/${encodeURIComponent(id)}/transcript?format=${format}&tenant_id=${encodeURIComponent(tenant)}`;
  }

  /** A link cannot carry a token, so with one the file is fetched and handed over. */
  async #download(event, format) {
    if (!this.connection.token) return;
    event.preventDefault();
    try {
      const answer = await this.connection.api(this.#href(format));
      if (!answer.ok) throw new Error((await answer.json()).error);
      const url = URL.createObjectURL(await answer.blob());
      const link = Object.assign(document.createElement('a'), { href: url, download: `transcript-${this.call.id}.${format}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      this.problem = '';
    } catch (error) {
      this.problem = `The download failed: ${error.message}`;
    }
  }

  #notice() {
    const { provider, live, lost } = this.call;
    const status = lost ? LOST : this.call.status;
    const state = status?.state ?? 'recognising';
    const quiet = (state === 'recognising' && !status?.reason) || (!live && state !== 'failed');
    // What no recogniser says was found out where the audio comes in.
    const title = state === 'failed' && !status.provider ? 'This call was refused' : stateText(state).title;
    return html`${quiet ? nothing : html`<div class="notice" data-state=${state} role="status">
        <strong>${title}</strong>${status.reason ? html`<span>${status.reason}</span>` : nothing}</div>`}
      ${provider === 'sphinx' ? html`<div class="notice" data-state="plain" role="note">
        <strong>Trial recogniser</strong><span>These words come from the small recogniser built into rtaa, so expect many mistakes.
        For accurate transcripts set <code>DEEPGRAM_API_KEY</code> and start the service again.</span></div>` : nothing}
      ${this.problem ? html`<div class="notice" data-state="failed" role="alert"><span>${this.problem}</span></div>` : nothing}`;
  }

  #alerts() {
    return this.call.alerts.map(({ name }) => html`<div class="notice" data-state="alert" role="alert">
      <strong>Alert</strong> <span>${name}</span></div>`);
  }

  render() {
    const call = this.call;
    const blocks = this.following ? call.blocks.slice(-this.shown) : call.blocks.slice(-Math.max(this.shown, SHOWN_BLOCKS));
    const earlier = call.blocks.length - blocks.length;
    const labels = call.channels.size > 1 ? 'channels' : call.speakers.size > 1 ? 'speakers' : '';
    const inline = new Set();
    const lastTurn = call.blocks.at(-1)?.at(-1);
    const partials = [...call.partials.values()].filter(partial => partial.text);
    const continued = lastTurn?.open ? partials.find(partial => (partial.channel ?? 0) === lastTurn.channel) : null;
    if (continued) inline.add(continued);
    return html`
      <div class="head">
        <a class="back" href="#/" aria-label="All calls">‹ Calls</a>
        <div class="head-text">
          <h1>${call.title}</h1>
          <p>${call.lost ? 'Lost · ' : call.live ? html`<span class="dot" aria-hidden="true"></span>Live · ` : 'Ended · '}<span class="duration">${this.#duration()}</span>
            · since ${timeOfDay(call.startedMs)}<span class="id"> · ${call.id}</span></p>
        </div>
        <p class="downloads"><span>Download</span>${FORMATS.map(format => html`<a href=${this.#href(format)} download
          aria-label="Download as ${format}" @click=${event => this.#download(event, format)}>${format}</a>`)}</p>
      </div>
      ${this.#notice()}
      ${this.#alerts()}
      <div class="scroller" ?data-following=${this.following} tabindex="0" role="region" aria-label="Transcript" @scroll=${this.#onScroll}>
        <div class="lines">
          ${call.dropped ? html`<p class="mark">The first ${call.dropped} lines are in the downloads only</p>` : nothing}
          ${earlier ? html`<button class="earlier" @click=${() => (this.shown += SHOWN_BLOCKS)}>Show earlier (${earlier * BLOCK} lines)</button>` : nothing}
          <div role="log" aria-live="polite" aria-relevant="additions" aria-label="What was said">
            ${repeat(blocks, block => block[0].key, (block, index) => html`<rtaa-block .lines=${block} .call=${call} .labels=${labels}
              .interim=${index === blocks.length - 1 ? continued : null}></rtaa-block>`)}
          </div>
          ${partials.filter(partial => !inline.has(partial)).map(partial => html`<p class="turn" aria-hidden="true"
            data-voice=${labels ? call.voice(partial) : nothing}><time>${clock(partial.start_ms)}</time>
            <span class="said">${labels === 'channels' ? html`<b class="who">${call.label(partial)}</b>` : nothing}<span
              class="interim" lang=${partial.language ?? nothing}>${partial.text}</span></span></p>`)}
          ${!call.lines && !partials.length && call.live ? html`<p class="mark">Listening – words appear here as they are spoken</p>` : nothing}
          ${call.live ? nothing : html`<p class="mark end">${ending(call.endReason)} after ${clock(call.durationMs)}</p>`}
        </div>
      </div>
      ${this.following ? nothing : html`<button class="jump" @click=${this.#jump}>${call.live ? 'Jump to live' : 'Jump to the end'} ↓</button>`}`;
  }
}
customElements.define('rtaa-transcript', Transcript);
