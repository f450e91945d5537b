// A page that comes back from the browser's memory may show what was there before logging out: ask anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
