/**
 * A browser's storage in memory, for what is remembered between two visits.
 * Knows nothing of what is kept.
 */
export function storage(): Storage {
  let kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  } as unknown as Storage
}
