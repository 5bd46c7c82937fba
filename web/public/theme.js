// Sets the colours before the first paint, so that a dark page never flashes
// white. A file of its own because the content policy allows no inline script.
(function () {
  var kept = 'auto';
  try {
    kept = localStorage.getItem('mantine-color-scheme-value') || 'auto';
  } catch {
    // Storage is closed to this page: the system's choice stands.
  }
  var dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
