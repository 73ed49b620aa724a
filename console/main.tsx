import { render } from 'preact';
import { hosting, token } from './api/hosting.ts';
import type { ApiProblem } from './api/request.ts';
import { SignInFailed } from './pages/sign-in-failed.tsx';

const root = document.getElementById('app')!;
void start();

/** The pages ask the API as soon as they are loaded: they wait for who has to sign in. */
async function start(): Promise<void> {
  if (hosting !== undefined) {
    const { signIn } = await import('./api/sign-in.ts');
    try {
      token.value = await signIn(hosting);
    } catch (error) {
      render(<SignInFailed problem={error as ApiProblem} />, root);
      return;
    }
    if (token.value === undefined) return;
  }
  const { App } = await import('./app.tsx');
  render(<App />, root);
}
