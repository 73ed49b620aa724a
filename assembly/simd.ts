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
 * 1 / (1 + e^−x) in each lane, for |x| < 80, to a few units in the last place: e^−x = 2^n · e^r with |r| ≤ ln 2 / 2,
 * e^r by its Taylor polynomial of degree 6 in Estrin's order.
 */
export function sigmoid(x: v128): v128 {
  // Adding 1.5 · 2²³ rounds to an integer and leaves it in the low bits.
  const shifter = f32x4.splat(12582912);
  const shifted = madd(x, f32x4.splat(-Mathf.LOG2E), shifter);
  const n = f32x4.sub(shifted, shifter);
  const r = f32x4.sub(f32x4.mul(n, f32x4.splat(-Mathf.LN2)), x);
  const r2 = f32x4.mul(r, r);
  const low = madd(r2, madd(r, f32x4.splat(1 / 6), f32x4.splat(0.5)), f32x4.add(r, f32x4.splat(1)));
  const high = madd(r2, f32x4.splat(1 / 720), madd(r, f32x4.splat(1 / 120), f32x4.splat(1 / 24)));
  const exp = madd(f32x4.mul(r2, r2), high, low);
  const twoToN = i32x4.add(i32x4.shl(shifted, 23), f32x4.splat(1));
  return f32x4.div(f32x4.splat(1), madd(exp, twoToN, f32x4.splat(1)));
}
