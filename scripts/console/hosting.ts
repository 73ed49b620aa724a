/** What the document of a hosted console is told: written by `publish-console.ts`, read by `console/api/hosting.ts`. */
export interface Hosting {
  /** `stage prod` */
  place: string;
  /** Of OpenID Connect. */
  issuer: string;
  clientId: string;
}
