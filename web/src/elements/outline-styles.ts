/**
 * How the outline looks: a quiet column beside the text, a drawer over it where there is no room.
 * Knows no heading.
 */
import { css } from "lit"

export const outlineStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    width: 16rem;
    height: 100%;
    border-inline-end: 1px solid var(--line);
    background: var(--paper);
    color: var(--ink);
    font-size: 0.8125rem;
  }

  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding: 0.375rem 0.5rem 0.25rem 1rem;
  }

  h2 {
    margin: 0;
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-weight: 600;
  }

  .close {
    min-height: 2rem;
    width: 2rem;
  }

  .close .icon {
    width: 1rem;
    height: 1rem;
  }

  .empty {
    margin: 0;
    padding: 0 1rem;
    color: var(--ink-soft);
    line-height: 1.5;
  }

  [role="tree"] {
    flex: 1;
    padding: 0 0.5rem 1rem;
    overflow: hidden auto;
    overscroll-behavior: contain;
  }

  .item {
    display: flex;
    align-items: baseline;
    gap: 0.125rem;
    padding: 0.25rem 0.5rem 0.25rem 0.125rem;
    border-radius: 6px;
    color: var(--ink-soft);
    line-height: 1.4;
    cursor: pointer;
  }

  .item:hover {
    background: var(--hover);
    color: var(--ink);
  }

  .item:focus-visible {
    outline-offset: -2px;
  }

  .item[aria-current="true"] {
    background: color-mix(in srgb, var(--accent) 12%, transparent);
    color: var(--ink);
    font-weight: 600;
  }

  .depth2 {
    margin-inline-start: 0.75rem;
  }

  .depth3 {
    margin-inline-start: 1.5rem;
  }

  .depth4 {
    margin-inline-start: 2.25rem;
  }

  .depth5 {
    margin-inline-start: 3rem;
  }

  .depth6 {
    margin-inline-start: 3.75rem;
  }

  .words {
    overflow: hidden;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow-wrap: anywhere;
  }

  .fold {
    flex: none;
    display: inline-grid;
    place-items: center;
    align-self: center;
    width: 1.125rem;
    height: 1.25rem;
    border-radius: 4px;
  }

  .fold:hover {
    background: var(--hover);
  }

  .fold svg {
    width: 0.5rem;
    height: 0.5rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .fold.open svg {
    rotate: 90deg;
  }

  .item:dir(rtl) .fold:not(.open) svg {
    rotate: 180deg;
  }

  @media (max-width: 56rem) {
    :host {
      position: fixed;
      inset-block: 0;
      inset-inline-start: 0;
      z-index: 20;
      width: min(20rem, 85vw);
      box-shadow: var(--shadow);
      font-size: 0.9375rem;
    }

    .item {
      padding-block: 0.5rem;
    }
  }

  @media (prefers-reduced-motion: no-preference) and (max-width: 56rem) {
    :host {
      animation: slide 160ms ease-out;
    }

    @keyframes slide {
      from {
        translate: -2rem;
        opacity: 0;
      }
    }
  }

  @media (forced-colors: active) {
    .item[aria-current="true"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  @media print {
    :host {
      display: none;
    }
  }
`
