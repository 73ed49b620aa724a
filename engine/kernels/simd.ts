/** x · y + z in each lane: one rounding where the build has relaxed SIMD and the CPU has FMA, else two. */
export function madd(x: v128, y: v128, z: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, z);
  return f32x4.add(f32x4.mul(x, y), z);
}

/** [Σ w, Σ x, Σ y, Σ z] */
export function sumsOfFour(w: v128, x: v128, y: v128, z: v128): v128 {
  const wx = halfSums(w, x);
  const yz = halfSums(y, z);
  return f32x4.add(f32x4.shuffle(wx, yz, 0, 1, 4, 5), f32x4.shuffle(wx, yz, 2, 3, 6, 7));
}

/** [Σ x, Σ y, Σ x, Σ y] */
export function sumsOfTwo(x: v128, y: v128): v128 {
  const xy = halfSums(x, y);
  return f32x4.add(xy, f32x4.shuffle(xy, xy, 2, 3, 0, 1));
}

function halfSums(x: v128, y: v128): v128 {
  return f32x4.add(f32x4.shuffle(x, y, 0, 4, 1, 5), f32x4.shuffle(x, y, 2, 6, 3, 7));
}

/**
 * scale / (1 + e^x) in each lane where the scale is positive, scale / (1 + e^−x) where it is negative; for |x| < 80, to a
 * few units in the last place: e^x = 2^n · e^r with |r| ≤ ln 2 / 2, e^r by a polynomial of degree 5.
 *
 * @param constants where `storeLogisticConstants` put them: V8 loads a vector in one instruction and makes one in three,
 * and this is where a training in few dimensions spends a third of its time.
 */
export function logistic(x: v128, scale: v128, constants: usize): v128 {
  const signed = v128.xor(x, v128.and(scale, v128.load(constants, 128)));
  const one = v128.load(constants, 32);
  return f32x4.div(scale, f32x4.add(one, exp(signed, constants)));
}

/** e^x in each lane, for |x| < 80: see `logistic`. */
export function exp(x: v128, constants: usize): v128 {
  const shifter = v128.load(constants, 16);
  const one = v128.load(constants, 32);
  // Adding 1.5 · 2²³ rounds to an integer and leaves it in the low bits.
  const shifted = madd(x, v128.load(constants), shifter);
  const r = madd(f32x4.sub(shifted, shifter), v128.load(constants, 48), x);
  const r2 = f32x4.mul(r, r);
  const low = madd(r, v128.load(constants, 80), v128.load(constants, 64));
  const high = madd(r, v128.load(constants, 112), v128.load(constants, 96));
  const power = madd(r2, madd(r2, high, low), f32x4.add(r, one));
  return i32x4.add(power, i32x4.shl(shifted, 23));
}

/**
 * e^r ≈ 1 + r + r² (c2 + c3 r + c4 r² + c5 r³), coefficients of the least greatest relative error for |r| ≤ ln 2 / 2, which
 * is 1.05e-7 (Lawson's iteration in float64; the Taylor polynomial has 2.4e-6).
 */
export function storeLogisticConstants(at: usize): void {
  v128.store(at, f32x4.splat(Mathf.LOG2E));
  v128.store(at, f32x4.splat(12582912), 16);
  v128.store(at, f32x4.splat(1), 32);
  v128.store(at, f32x4.splat(-Mathf.LN2), 48);
  v128.store(at, f32x4.splat(0.4999923), 64);
  v128.store(at, f32x4.splat(0.16667114), 80);
  v128.store(at, f32x4.splat(0.041890156), 96);
  v128.store(at, f32x4.splat(0.0083125206), 112);
  // The sign alone.
  v128.store(at, i32x4.splat(0x8000_0000), 128);
}
