import './lib/compile-cache.ts';

await import('./commands/status.ts');
