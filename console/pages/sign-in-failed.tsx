import type { ApiProblem } from '../api/request.ts';
import { Failed } from '../parts/states.tsx';

/** In place of the pages, which nobody sees who has not signed in. */
export function SignInFailed({ problem }: { problem: ApiProblem }) {
  return (
    <main id="main">
      <h1>Alike</h1>
      {/* Without what the issuer put into the address: it has been used. */}
      <Failed problem={problem} onRetry={() => location.assign('/')} />
    </main>
  );
}
