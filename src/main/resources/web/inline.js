// Stands in the page itself, before all that the page loads.
// The page's address ends in a slash: else the browser looks for its files and its websocket beside /prefix, not below it.
if (!location.pathname.endsWith('/')) {
  history.replaceState(null, '', `${location.origin}${location.pathname}/${location.search}${location.hash}`);
}
// A page whose modules do not come says so, instead of staying blank.
addEventListener('error', ({ target }) => {
  if (!(target instanceof HTMLScriptElement)) return;
  const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const card = Object.assign(element('section', ''), { className: 'card' });
  card.append(
    element('h1', 'A part of this page is missing'),
    element('p', `The page is here, but not the files it is made of, which should be below ${new URL('.', document.baseURI)}.`
      + ' If a proxy is in front of the service, it has to pass on everything below that address.'));
  document.querySelector('rtaa-app').replaceChildren(card);
}, true);
