import { LitElement, html, nothing, svg } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { Calls, line } from './calls.js';
import { Connection } from './connection.js';
import { timeOfDay } from './format.js';
import './list.js';
import './transcript.js';

/** How often the page asks whether quiet calls are lost. */
const LOOK_FOR_LOST_MS = 5_000;

const wave = (x, height) => svg`<line x1=${x} x2=${x} y1=${24 - height / 2} y2=${24 + height / 2}></line>`;

/** The page: header, list, transcript. It renders on choices and on the line's state, never on a transcript event. */
class App extends LitElement {
  static properties = {
    selected: { state: true },
    anyCalls: { state: true },
    demo: { state: true },
    renewing: { state: true },
  };
  #calls = new Calls();
  #connection = new Connection();
  #countdown = 0;
  #wanted = null;

  constructor() {
    super();
    this.selected = null;
    this.anyCalls = false;
    this.demo = { busy: false, problem: '' };
    /** Whether the reader wants to give another token while the line is live. */
    this.renewing = false;
    this.#calls.addEventListener('list', () => this.#onList());
    this.#connection.addEventListener('event', ({ detail }) => this.#calls.apply(detail));
    this.#connection.addEventListener('state', () => this.#onState());
    this.#connection.addEventListener('resumed', () => this.#reconcile());
    addEventListener('hashchange', () => this.#onHash());
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#onHash();
    this.#connection.connect();
    setInterval(() => this.#lookForLost(), LOOK_FOR_LOST_MS);
  }

  #onHash() {
    this.selected = location.hash.replace(/^#\/?/, '') || null;
    this.#calls.selected = this.selected;
  }

  #onList() {
    this.anyCalls = this.#calls.size > 0;
    if (this.#wanted) {
      const call = this.#calls.sorted().find(one => one.id === this.#wanted);
      if (call) {
        this.#wanted = null;
        location.hash = `#/${call.key}`;
      }
    }
    // Also where a new call has taken the place of the one on show.
    const call = this.#calls.get(this.selected);
    if (!call || this.querySelector('rtaa-transcript')?.call !== call) this.requestUpdate();
  }

  #onState() {
    clearInterval(this.#countdown);
    line.downSinceMs = this.#connection.state === 'live' ? null : (line.downSinceMs ?? Date.now());
    const { state, status } = this.#connection;
    if (state === 'denied' || (state === 'blocked' && status === 403)) this.#calls.clear();
    if (this.#connection.state === 'waiting') this.#countdown = setInterval(() => this.requestUpdate(), 250);
    this.requestUpdate();
  }

  async #reconcile() {
    const askedAt = performance.now();
    try {
      const answer = await this.#connection.api('api/calls');
      if (answer.ok) this.#calls.reconcile((await answer.json()).calls, askedAt);
    } catch {
      // The line is down again; the next one asks again.
    }
  }

  /** Whether a quiet call is lost is no event: the API tells. */
  async #lookForLost() {
    if (this.#connection.state !== 'live' || !this.#calls.anyQuiet) return;
    const askedAt = performance.now();
    try {
      const answer = await this.#connection.api('api/calls?state=lost');
      if (answer.ok && this.#calls.markLost((await answer.json()).calls, askedAt)) await this.#reconcile();
    } catch {
      // The line is down; the next look asks again.
    }
  }

  async #placeDemoCall() {
    this.demo = { busy: true, problem: '' };
    try {
      const answer = await this.#connection.api('api/demo-calls', { method: 'POST' });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.error);
      this.#wanted = body.interaction_id;
      this.demo = { busy: false, problem: '' };
      this.#onList();
    } catch (error) {
      this.demo = { busy: false, problem: `No demo call: ${error.message}` };
    }
  }

  #state() {
    const { state, retryAt } = this.#connection;
    const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
    const text = {
      connecting: 'Connecting…',
      live: 'Connected',
      waiting: `Reconnecting in ${seconds} s`,
      denied: 'Not connected',
      blocked: 'Not connected',
    }[state];
    const retry = state === 'waiting' || (state === 'blocked' && this.anyCalls);
    return html`<span class="line" data-state=${state}><span class="dot" aria-hidden="true"></span>${text}</span>
      ${retry ? html`<button class="quiet" @click=${() => this.#connection.connect()}>Retry now</button>` : nothing}`;
  }

  #demoButton(style) {
    return html`<button class=${style} ?disabled=${this.demo.busy} @click=${this.#placeDemoCall}>${this.demo.busy ? 'Placing…' : 'Place a demo call'}</button>`;
  }

  #tokenForm() {
    const { reason, status, expired } = this.#connection;
    const title = expired ? 'Your session has expired'
      : status === 403 ? 'This token does not open this door'
      : 'A token, please';
    const submit = event => {
      event.preventDefault();
      this.renewing = false;
      this.#connection.useToken(new FormData(event.target).get('token').trim().replace(/^Bearer /i, ''));
    };
    return html`<section class="card"><form class="token" @submit=${submit}>
      <h1>${title}</h1>
      <p>Transcripts are shown to holders of a token with role <code>viewer</code> or <code>admin</code>. It stays in this tab.</p>
      <label for="token">Token</label>
      <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required aria-describedby="token-problem" placeholder="eyJ…">
      <p id="token-problem" class="problem" role="status">${this.#connection.token || status === 403 ? reason : nothing}</p>
      <button class="primary">Connect</button>
    </form></section>`;
  }

  #empty() {
    return html`<section class="card"><div class="empty">
      <svg viewBox="0 0 120 48" aria-hidden="true">${[8, 20, 12, 30, 42, 26, 36, 16, 24, 10].map((height, i) =>
        wave(i * 12 + 6, height))}</svg>
      <h1>It is quiet here</h1>
      <p>When a call comes in, it appears on the left, and its words appear here while they are spoken.
        To see how that looks, let rtaa call itself: a short bundled conversation, over the real telephone protocol.</p>
      ${this.#demoButton('primary')}
      ${this.demo.problem ? html`<p class="problem" role="alert">${this.demo.problem}</p>` : nothing}
    </div></section>`;
  }

  /** Why there is no line, where nothing that a reader types can help. */
  #blocked({ title, reason }) {
    return html`<section class="card" role="alert">
      <h1>${title}</h1>
      <p>${reason}</p>
      <p>What to set is told in docs/operations.md, under “Behind a proxy”. The page tries again by itself.</p>
      <button class="primary" @click=${() => this.#connection.connect()}>Try again now</button>
    </section>`;
  }

  #main() {
    if (this.#connection.state === 'denied' || this.renewing) return this.#tokenForm();
    const { problem } = this.#connection;
    if (problem && !this.anyCalls) return this.#blocked(problem);
    if (!this.anyCalls) return this.#empty();
    const call = this.#calls.get(this.selected);
    return html`
      <nav aria-label="Calls"><rtaa-call-list .calls=${this.#calls} selected=${this.selected ?? ''}></rtaa-call-list></nav>
      <section class="reader" aria-label="Call">${call
        ? keyed(call, html`<rtaa-transcript .call=${call} .connection=${this.#connection}></rtaa-transcript>`)
        : html`<p class="choose">${this.selected ? 'This call is not here any more.' : 'Choose a call to read along.'}</p>`}</section>`;
  }

  #expiring() {
    const { expiresAt } = this.#connection;
    return expiresAt && !this.renewing ? html`<p class="banner" role="alert">
      Your session expires at ${timeOfDay(expiresAt)}.
      <button class="quiet" @click=${() => (this.renewing = true)}>Use another token</button></p>` : nothing;
  }

  render() {
    const { problem } = this.#connection;
    const reading = this.anyCalls && this.selected && this.#connection.state !== 'denied';
    return html`
      <header>
        <a class="brand" href="#/"><img src="icon.svg" alt="" width="26" height="26"><span>rtaa</span><small>live transcripts</small></a>
        <span class="header-state" role="status" aria-live="off">${this.#state()}</span>
        ${this.anyCalls && this.#connection.state === 'live' ? this.#demoButton('secondary') : nothing}
      </header>
      ${this.anyCalls && this.demo.problem ? html`<p class="banner problem" role="alert">${this.demo.problem}
        <button class="quiet" @click=${() => (this.demo = { busy: false, problem: '' })}>Dismiss</button></p>` : nothing}
      ${this.anyCalls && problem ? html`<p class="banner problem" role="alert"><strong>${problem.title}.</strong>
        ${problem.reason}</p>` : nothing}
      ${this.#expiring()}
      <main class=${reading ? 'reading' : ''}>${this.#main()}</main>`;
  }
}

customElements.define('rtaa-app', App);
