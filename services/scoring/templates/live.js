"use strict";
const live = document.getElementById("live");
const state = document.getElementById("state");
const source = new EventSource(live.dataset.events);
source.onopen = () => { state.textContent = state.dataset.on; };
source.onerror = () => { state.textContent = state.dataset.off; };
source.addEventListener("changed", (event) => {
  live.innerHTML = event.data;
  state.textContent = state.dataset.on;
});
