// The line to the server: one websocket that mends itself, and the API with the same token.

const TOKEN = 'rtaa-token';
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** A line that held this long was a good one: waiting starts from the shortest again. */
const GOOD_LINE_MS = 5_000;

/** A handshake that is not an upgrade any more where it arrives is no accident if it happens so many times in a row. */
const WITHOUT_UPGRADE = 2;

const NO_UPGRADE = {
  title: 'Live words do not get through',
  reason: 'The service answers, but what should be a websocket reaches it as a plain request. A proxy between this'
    + ' browser and the service does not pass on upgrades: it has to speak HTTP/1.1 to the service and send it the'
    + ' headers Upgrade and Connection.',
};

const sentence = text => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** How the service closes the line of a token that has expired. */
const EXPIRED = 4401;

/**
 * Fires `event` (a CustomEvent with the transcript event) and `state`. state: connecting | live | waiting (until
 * retryAt) | denied (a token can help; reason says why, status is 401 or 403) | blocked (none can; problem says why,
 * and the line is tried again). expired: whether it is denied because the token has expired. expiresAt: when the
 * service says that the token of the live line expires, by Date.now(), or null while that is more than a minute away.
 * problem: { title, reason } of the last try that was blocked, until one gets further; or null.
 */
export class Connection extends EventTarget {
  state = 'connecting';
  status = 0;
  reason = '';
  retryAt = 0;
  problem = null;
  expired = false;
  expiresAt = null;
  #socket = null;
  #failures = 0;
  #withoutUpgrade = 0;
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
      this.#withoutUpgrade = 0;
      this.#set('live');
      if (again) this.dispatchEvent(new Event('resumed'));
    };
    socket.onmessage = message => {
      const event = JSON.parse(message.data);
      if (event.type === 'expiring') {
        this.expiresAt = event.expires_at_ms;
        this.dispatchEvent(new Event('state'));
      } else {
        this.dispatchEvent(new CustomEvent('event', { detail: event }));
      }
    };
    socket.onclose = close => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (openedAt && performance.now() - openedAt > GOOD_LINE_MS) this.#failures = 0;
      this.#lost(openedAt > 0, close);
    };
  }

  async #lost(wasOpen, close) {
    const attempt = this.#attempt;
    if (close.code === EXPIRED) {
      // The next try would be refused, and the one after a reload too.
      sessionStorage.removeItem(TOKEN);
      this.#set('denied', { status: 401, expired: true });
      return;
    }
    if (close.code === 1008) {
      if (this.token) this.#set('denied', { status: 403, reason: close.reason });
      else this.#block({ title: 'The service closed this line', reason: close.reason, status: 403 });
      return;
    }
    if (!wasOpen) {
      const found = await this.#whatAnswers();
      // Somebody was faster, with a token or a click.
      if (attempt !== this.#attempt) return;
      if (found.denied) {
        this.#set('denied', found.denied);
        return;
      }
      if (found.blocked) {
        this.#block(found.blocked);
        return;
      }
    }
    this.#waitAndTry();
    this.#set('waiting');
  }

  /**
   * A browser hides why a handshake was refused, so the page asks the same address without an upgrade, and gets the
   * answer that the handshake got. By POST, with which browsers send the page's origin. What the service itself
   * answers has a reason.
   */
  async #whatAnswers() {
    let answer;
    let reason;
    try {
      answer = await this.api('v1/transcripts', { method: 'POST' });
      ({ reason } = (await answer.json().catch(() => null)) ?? {});
    } catch {
      // Down: wait and try again.
      return {};
    }
    const { status } = answer;
    if ((status === 401 || status === 403) && /^bearer\b/i.test(answer.headers.get('WWW-Authenticate') ?? '')) {
      return { denied: { status, reason: reason ?? '' } };
    }
    if (status === 426 && reason) return ++this.#withoutUpgrade < WITHOUT_UPGRADE ? {} : { blocked: NO_UPGRADE };
    if (status === 403 && reason) {
      return { blocked: { title: 'This page may not connect', reason: sentence(reason), status } };
    }
    // Full, stopped, or a proxy whose service is away.
    if (status === 408 || status === 429 || status >= 500) return {};
    return {
      blocked: {
        title: 'The service is not reached',
        reason: `Something in front of it, such as a proxy, answered ${answer.url} itself, with ${status}. It has to`
          + ` pass on everything below ${new URL('.', document.baseURI)}.`,
        status,
      },
    };
  }

  #block({ title, reason, status }) {
    this.problem = { title, reason };
    this.#waitAndTry();
    this.#set('blocked', { status });
  }

  /** Full jitter: pages that lost the same server do not come back all at once. */
  #waitAndTry() {
    const wait = Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    this.retryAt = Date.now() + wait;
    this.#timer = setTimeout(() => this.connect(), wait);
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #set(state, { status = 0, reason = '', expired = false } = {}) {
    if (state === 'live' || state === 'denied' || state === 'waiting') this.problem = null;
    if (state !== 'live') this.expiresAt = null;
    Object.assign(this, { state, status, reason, expired });
    this.dispatchEvent(new Event('state'));
  }

  api(path, options = {}) {
    const headers = this.token ? { Authorization: `Bearer ${this.token}` } : {};
    return fetch(new URL(path, document.baseURI), { ...options, headers, credentials: 'same-origin' });
  }
}
