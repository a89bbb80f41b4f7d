/**
 * How the buttons that format look and are walked through.
 * Knows no action.
 */
import { css } from "lit"

export const toolbarStyles = css`
  :host {
    display: block;
    background: var(--paper);
    color: var(--ink);
  }

  .bar {
    display: flex;
    align-items: center;
    max-width: var(--text-width, 46rem);
    margin: 0 auto;
    padding: 0.25rem 1rem;
    overflow-x: auto;
    overscroll-behavior-x: contain;
    scrollbar-width: none;
  }

  .group {
    display: flex;
    flex: none;
    gap: 1px;
  }

  /* Whoever has no keyboard has no other way to undo. */
  .group.fingers {
    display: none;
  }

  .group:not(.fingers) + .group {
    margin-inline-start: 0.5rem;
    padding-inline-start: 0.5rem;
    border-inline-start: 1px solid var(--line);
  }

  .tool {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    min-width: 2rem;
    height: 2rem;
    padding: 0 0.25rem;
    border: 0;
    border-radius: 7px;
    background: none;
    color: var(--ink-soft);
    cursor: pointer;
  }

  .tool:hover {
    background: var(--hover);
    color: var(--ink);
  }

  .tool:focus-visible {
    outline-offset: -2px;
  }

  .tool[aria-pressed="true"] {
    background: color-mix(in srgb, var(--accent) 14%, transparent);
    color: var(--accent);
  }

  .tool[aria-disabled="true"] {
    opacity: 0.4;
    cursor: default;
  }

  .level {
    font: 650 0.8125rem / 1 var(--ui);
  }

  .more {
    width: 0.5rem;
    height: 0.5rem;
    margin-inline-start: 0.125rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.4;
  }

  .menu {
    position: fixed;
    inset: auto;
    width: 14rem;
    margin: 0;
    padding: 0.375rem;
    border: 1px solid var(--line-strong);
    border-radius: 12px;
    background: var(--surface);
    color: var(--ink);
    box-shadow: var(--shadow);
  }

  .item {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    width: 100%;
    min-height: 2rem;
    padding: 0.25rem 0.625rem;
    border: 0;
    border-radius: 7px;
    background: none;
    font-size: 0.875rem;
    text-align: start;
    cursor: pointer;
  }

  .item .icon {
    color: var(--ink-soft);
  }

  .item:is(:hover, :focus) {
    background: var(--hover);
  }

  /* Under a finger: larger, and in one row that can be pushed along. */
  @media (hover: none) and (pointer: coarse) {
    .bar {
      padding: 0.125rem 0.5rem max(0.125rem, env(safe-area-inset-bottom));
      border-top: 1px solid var(--line);
      scroll-snap-type: x proximity;
    }

    .group.fingers {
      display: flex;
    }

    .group + .group {
      margin-inline-start: 0.375rem;
      padding-inline-start: 0.375rem;
      border-inline-start: 1px solid var(--line);
    }

    .tool {
      min-width: 2.75rem;
      height: 2.75rem;
    }

    .item {
      min-height: 2.75rem;
    }
  }

  @media (forced-colors: active) {
    .tool[aria-pressed="true"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`

/** Where a key leads among so many; `keys` are the ones back and forth. */
export function stepIn(key: string, at: number, count: number, [back, forth]: readonly [string, string]) {
  if (key === "Home") return 0
  if (key === "End") return count - 1
  if (key === forth) return (at + 1) % count
  if (key === back) return (Math.max(at, 0) + count - 1) % count
  return undefined
}
