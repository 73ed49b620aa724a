import './lib/compile-cache.ts';

await import('./commands/deploy.ts');
