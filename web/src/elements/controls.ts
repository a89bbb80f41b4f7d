/**
 * The few controls that elements share with the pages, for inside their shadow roots.
 * Knows no element; colours come from the page's custom properties.
 */
import { css } from "lit"

/** Buttons and icons as `base.css` has them. */
export const controls = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  button,
  input,
  select {
    color: inherit;
    font: inherit;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .icon {
    flex: none;
    width: 1.25rem;
    height: 1.25rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4rem;
    min-height: 2.25rem;
    padding: 0 0.75rem;
    border: 1px solid var(--line-strong);
    border-radius: 8px;
    background: var(--surface);
    font-size: 0.875rem;
    font-weight: 500;
    white-space: nowrap;
    cursor: pointer;
  }

  .button:hover {
    background: linear-gradient(var(--hover), var(--hover)) var(--surface);
  }

  .button.quiet {
    width: 2.25rem;
    padding: 0;
    border-color: transparent;
    background: none;
    color: var(--ink-soft);
  }

  .button.quiet:hover {
    background: var(--hover);
    color: var(--ink);
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`
