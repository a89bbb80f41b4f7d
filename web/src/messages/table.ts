/**
 * What is said around tables.
 * Knows no table: loaded with what makes one.
 */
export const messages = {
  column: (number: number) => `Column ${number}`,
}
