/** Something in a file of rules that its author should know. */
export interface Finding {
  /** What has an error is not published; a warning may be meant. */
  level: 'error' | 'warning';
  /** `rule "spring-sale"` or `placement "home"`. */
  where: string;
  message: string;
}
