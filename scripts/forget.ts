import './lib/compile-cache.ts';

await import('./commands/forget.ts');
