import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { clock, stateText, timeOfDay } from './format.js';

/** Events of this long are shown together; a timer, for frames may stay away from a window that is covered. */
const RENDER_MS = 50;
/** More rows than this serve nobody; the filter finds the rest. */
const MAX_ROWS = 200;
/** From so many calls on a filter helps. */
const FILTER_FROM = 8;

/** One call in the list. It renders when its own call changes, a few times a second at most, and when the clock ticks. */
class CallRow extends LitElement {
  static properties = { call: { attribute: false }, selected: { type: Boolean } };
  #watched = null;
  #due = 0;
  #soon = () => (this.#due ||= setTimeout(() => ((this.#due = 0), this.requestUpdate()), RENDER_MS));

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has('call')) this.#watch(this.call);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#watch(this.call);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#due);
    this.#due = 0;
    this.#watch(null);
  }

  #watch(call) {
    if (call === this.#watched) return;
    for (const type of ['lines', 'interim', 'state']) {
      this.#watched?.removeEventListener(type, this.#soon);
      call?.addEventListener(type, this.#soon);
    }
    this.#watched = call;
  }

  render() {
    const call = this.call;
    const state = call.live ? (call.lost ? 'lost' : (call.status?.state ?? 'recognising')) : 'ended';
    const silence = call.live ? 'Nothing said yet' : call.gaps ? 'Not recognised' : 'Nothing was said';
    return html`<a class="row" href="#/${call.key}" aria-current=${this.selected ? 'true' : nothing}>
      <span class="row-top">
        <span class="row-title">${call.title}</span>
        ${call.alerts.length ? html`<span class="badge" data-state="alert">Alert</span>` : nothing}
        ${call.live ? html`<span class="badge" data-state=${state}>${stateText(state).badge}</span>` : nothing}
      </span>
      <span class="row-words">${call.lastWords || silence}</span>
      <span class="row-time">${timeOfDay(call.startedMs)} · ${clock(call.lastedMs)}</span>
    </a>`;
  }
}
customElements.define('rtaa-call-row', CallRow);

/** Live calls, then recent ones. Renders when calls come, go or end. */
class CallList extends LitElement {
  static properties = { calls: { attribute: false }, selected: { type: String }, filter: { state: true } };
  #ticker = 0;

  constructor() {
    super();
    this.filter = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#ticker = setInterval(() => {
      if (!document.hidden) for (const row of this.querySelectorAll('rtaa-call-row')) if (row.call.live) row.requestUpdate();
    }, 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#ticker);
  }

  firstUpdated() {
    this.calls.addEventListener('list', () => this.requestUpdate());
  }

  #section(title, calls) {
    if (!calls.length) return nothing;
    return html`<h2>${title} <span class="count">${calls.length}</span></h2>
      <ul>${repeat(calls.slice(0, MAX_ROWS), call => call.key, call => html`<li>
        <rtaa-call-row .call=${call} ?selected=${call.key === this.selected}></rtaa-call-row></li>`)}</ul>
      ${calls.length > MAX_ROWS ? html`<p class="more">and ${calls.length - MAX_ROWS} more – the filter finds them</p>` : nothing}`;
  }

  render() {
    const all = this.calls.sorted();
    const wanted = this.filter.trim().toLowerCase();
    const shown = wanted ? all.filter(call => `${call.title} ${call.id} ${call.tenant}`.toLowerCase().includes(wanted)) : all;
    return html`
      ${all.length >= FILTER_FROM ? html`<input type="search" class="filter" placeholder="Filter by number or id" aria-label="Filter calls"
        .value=${this.filter} @input=${event => (this.filter = event.target.value)}>` : nothing}
      ${this.#section('Live', shown.filter(call => call.live))}
      ${this.#section('Recent', shown.filter(call => !call.live))}
      ${wanted && !shown.length ? html`<p class="more">No call matches “${this.filter}”.</p>` : nothing}`;
  }
}
customElements.define('rtaa-call-list', CallList);
