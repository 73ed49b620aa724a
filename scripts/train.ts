import './lib/compile-cache.ts';

await import('./commands/train.ts');
