import { expect, test } from 'vitest';
import { PRESETS } from '../../../engine/artifacts/training-request.ts';
import { settingsToTry } from '../../../engine/evaluation/trial-epochs.ts';

const SESSIONS = 1_000;
const plan = { firstSession: 100, validationStart: 900 };

/** Of candidates that train on 800 sessions with so many views. */
function settingsOf({ views, products = 10, epochs = 50 }: { views: number; products?: number; epochs?: number }) {
  const offsets = Uint32Array.from({ length: SESSIONS + 1 }, (_, session) => (session * views) / 800);
  const productIds = Array.from({ length: products }, (_, product) => `P${product}`);
  const settings = { ...PRESETS.tuned, epochs };
  return settingsToTry({ offsets, productIds }, plan, { id: 'candidate-1', settings });
}

test('a small shop tries all epochs, one twice as large half of them, and a large one a quarter', () => {
  expect(settingsOf({ views: 8_000 }).epochs).toBe(50);
  expect(settingsOf({ views: 24_800 }).epochs).toBe(50);
  expect(settingsOf({ views: 50_400 }).epochs).toBe(25);
  expect(settingsOf({ views: 100_000 }).epochs).toBe(13);
  expect(settingsOf({ views: 8_000_000 }).epochs).toBe(13);
});

test('products with few views need three quarters of the epochs, however many views there are in all', () => {
  expect(settingsOf({ views: 400_000, products: 17_000 }).epochs).toBe(38);
  expect(settingsOf({ views: 400_000, products: 1_600 }).epochs).toBe(20);
  expect(settingsOf({ views: 400_000, products: 500 }).epochs).toBe(13);
});

test('a small shop tries all epochs of few views a product, too', () => {
  expect(settingsOf({ views: 8_000, products: 4_000 }).epochs).toBe(50);
  expect(settingsOf({ views: 40_000, products: 4_000 }).epochs).toBe(38);
});

test('one epoch is the least, and nothing else is changed', () => {
  expect(settingsOf({ views: 8_000_000, epochs: 3 })).toEqual({ ...PRESETS.tuned, epochs: 1 });
});
