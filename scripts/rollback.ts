import './lib/compile-cache.ts';

await import('./commands/rollback.ts');
