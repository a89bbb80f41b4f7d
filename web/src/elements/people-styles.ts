/**
 * How the people in the header and the list of everybody look.
 * Knows no concrete colour but the people's own, which come as `--peer`.
 */
import { css } from "lit"

/** The styles of `codraft-people`. */
export const peopleStyles = css`
  :host { display: block; flex: none; }
  ul { display: flex; margin: 0; padding: 0; list-style: none; }
  button, input, label { font: inherit; color: inherit; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  .faces { padding-left: 0.375rem; }
  .faces li + li { margin-left: -0.25rem; }
  .faces li:hover, .faces li:focus-within { z-index: 1; }
  .faces li { position: relative; }

  .avatar {
    display: grid;
    position: relative;
    flex: none;
    place-items: center;
    width: 2.125rem;
    height: 2.125rem;
    padding: 0;
    border: 2px solid var(--paper);
    border-radius: 50%;
    background: var(--peer);
    color: var(--peer-ink);
    font-size: 0.75rem;
    font-weight: 650;
    line-height: 1;
    letter-spacing: 0.01em;
  }
  button.avatar { cursor: pointer; }
  button.avatar:hover { transform: translateY(-1px); }
  .avatar.small { width: 2rem; height: 2rem; border: 0; font-size: 0.6875rem; }
  .avatar.more { background: var(--line); color: var(--ink); font-variant-numeric: tabular-nums; }
  .avatar.more svg { width: 1.125rem; height: 1.125rem; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; }
  [data-doing="away"] .avatar span { opacity: 0.75; }
  [data-doing="away"] .avatar { background: color-mix(in srgb, var(--peer) 45%, var(--line)); color: var(--ink); }
  .followed .avatar { box-shadow: 0 0 0 2px var(--peer); }
  .avatar .dot {
    position: absolute;
    right: -1px;
    bottom: -1px;
    width: 0.5625rem;
    height: 0.5625rem;
    border: 2px solid var(--paper);
    border-radius: 50%;
    background: var(--good);
  }

  [popover] {
    position: fixed;
    inset: var(--opens-at, 3.75rem 0.75rem auto auto);
    box-sizing: border-box;
    width: min(21rem, calc(100vw - 1.5rem));
    max-height: calc(100dvh - 5rem);
    margin: 0;
    padding: 0.75rem 0 0;
    overflow: hidden;
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    background: var(--surface);
    color: var(--ink);
    box-shadow: var(--shadow);
    font: 0.9375rem/1.4 var(--ui);
  }
  [popover]:popover-open { display: flex; flex-direction: column; }
  h2 { margin: 0; padding: 0 1rem 0.5rem; color: var(--ink-soft); font-size: 0.8125rem; font-weight: 500; }
  .find { display: block; padding: 0 1rem 0.5rem; }
  .find input {
    box-sizing: border-box;
    width: 100%;
    min-height: 2.25rem;
    padding: 0 0.625rem;
    border: 1px solid var(--line-strong);
    border-radius: 8px;
    background: var(--paper);
  }
  .others { flex: 0 1 auto; flex-direction: column; min-height: 0; padding: 0 0.5rem 0.5rem; overflow: auto; overscroll-behavior: contain; }
  .others li { display: flex; align-items: center; gap: 0.25rem; }
  .others .empty { padding: 0.25rem 0.5rem 0.5rem; }
  .row {
    display: flex;
    flex: 1;
    align-items: center;
    gap: 0.625rem;
    min-width: 0;
    padding: 0.3125rem 0.5rem;
    border: 0;
    border-radius: 8px;
    background: none;
    text-align: start;
    cursor: pointer;
  }
  .row:hover { background: var(--hover); }
  .who { min-width: 0; overflow: hidden; }
  .name { display: block; overflow: hidden; font-weight: 500; text-overflow: ellipsis; white-space: nowrap; }
  .soft { display: block; color: var(--ink-soft); font-size: 0.8125rem; }
  [data-doing="typing"] .soft { color: var(--good); }
  .follow {
    flex: none;
    min-height: 1.875rem;
    padding: 0 0.625rem;
    border: 1px solid var(--line-strong);
    border-radius: 8px;
    background: var(--surface);
    font-size: 0.8125rem;
    font-weight: 500;
    cursor: pointer;
  }
  .follow:hover { background: linear-gradient(var(--hover), var(--hover)) var(--surface); }
  .followed .follow { border-color: transparent; background: var(--peer); color: var(--peer-ink); }
  footer { display: flex; flex-direction: column; gap: 0.5rem; padding: 0.75rem 1rem; border-top: 1px solid var(--line); }
  footer .follow { width: 100%; min-height: 2.25rem; font-size: 0.875rem; }
  footer label { display: flex; align-items: center; gap: 0.5rem; font-size: 0.8125rem; cursor: pointer; }
  footer input { margin: 0; accent-color: var(--accent); }

  @media (max-width: 34rem) { .row, .follow { min-height: 2.75rem; } }
  /* People are told apart by their colours, whatever others the reader has chosen. */
  @media (forced-colors: active) {
    .avatar { forced-color-adjust: none; }
    .follow, [popover] { border-color: ButtonText; }
    .followed .follow { forced-color-adjust: none; }
  }
  @media (prefers-reduced-motion: no-preference) {
    .avatar { transition: transform 120ms, background-color 200ms; }
    .typing .dot { animation: beat 1.2s ease-in-out infinite alternate; }
  }
  @keyframes beat { to { opacity: 0.35; } }
`
