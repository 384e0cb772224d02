// The line to the server: one websocket that mends itself, and the API with the same token.

const TOKEN = 'rtaa-token';
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** A line that held this long was a good one: waiting starts from the shortest again. */
const GOOD_LINE_MS = 5_000;

/**
 * Fires `event` (a CustomEvent with the transcript event) and `state`.
 * state: connecting | live | waiting (until retryAt) | denied (reason says why, status is 401 or 403).
 */
export class Connection extends EventTarget {
  state = 'connecting';
  status = 0;
  reason = '';
  retryAt = 0;
  #socket = null;
  #failures = 0;
  #timer = 0;
  #attempt = 0;
  #openedBefore = false;

  get token() {
    return sessionStorage.getItem(TOKEN);
  }

  useToken(token) {
    if (token) sessionStorage.setItem(TOKEN, token);
    else sessionStorage.removeItem(TOKEN);
    this.#failures = 0;
    this.connect();
  }

  connect() {
    clearTimeout(this.#timer);
    this.#attempt++;
    this.#drop();
    this.#set('connecting');
    const url = new URL('v1/transcripts', document.baseURI);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    let socket;
    try {
      socket = this.token ? new WebSocket(url, ['bearer', this.token]) : new WebSocket(url);
    } catch {
      this.#set('denied', { status: 401, reason: 'This does not look like a token.' });
      return;
    }
    let openedAt = 0;
    this.#socket = socket;
    socket.onopen = () => {
      openedAt = performance.now();
      const again = this.#openedBefore;
      this.#openedBefore = true;
      this.#set('live');
      if (again) this.dispatchEvent(new Event('resumed'));
    };
    socket.onmessage = message => this.dispatchEvent(new CustomEvent('event', { detail: JSON.parse(message.data) }));
    socket.onclose = close => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (openedAt && performance.now() - openedAt > GOOD_LINE_MS) this.#failures = 0;
      this.#lost(openedAt > 0, close);
    };
  }

  /** A browser hides why a handshake was refused; the API, guarded alike, tells. */
  async #lost(wasOpen, close) {
    const attempt = this.#attempt;
    if (close.code === 1008) {
      this.#set('denied', { status: 403, reason: close.reason });
      return;
    }
    if (!wasOpen) {
      try {
        const answer = await this.api('api/calls');
        if (attempt !== this.#attempt) return;
        if (answer.status === 401 || answer.status === 403) {
          const { error } = await answer.json().catch(() => ({}));
          this.#set('denied', { status: answer.status, reason: error ?? '' });
          return;
        }
      } catch {
        // Down: wait and try again.
      }
      // Somebody was faster, with a token or a click.
      if (attempt !== this.#attempt) return;
    }
    // Full jitter: pages that lost the same server do not come back all at once.
    const wait = Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    this.retryAt = Date.now() + wait;
    this.#timer = setTimeout(() => this.connect(), wait);
    this.#set('waiting');
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #set(state, { status = 0, reason = '' } = {}) {
    Object.assign(this, { state, status, reason });
    this.dispatchEvent(new Event('state'));
  }

  api(path, options = {}) {
    const headers = this.token ? { Authorization: `Bearer ${this.token}` } : {};
    return fetch(new URL(path, document.baseURI), { ...options, headers, credentials: 'same-origin' });
  }
}
