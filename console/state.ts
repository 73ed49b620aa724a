import { signal } from '@preact/signals';
import { type OperatorSession, readSession } from './api/operator.ts';

/** Undefined until it is known, and where the page has no server of its own beside it. */
export const operatorSession = signal<OperatorSession | undefined>(undefined);
void readSession().then((session) => {
  operatorSession.value = session;
});
