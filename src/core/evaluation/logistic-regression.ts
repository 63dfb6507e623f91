export interface LabelledFeatures {
  /** Row after row, each of `width` features. */
  readonly features: Float64Array;
  readonly width: number;
  readonly targets: readonly boolean[];
  readonly weights: Float64Array;
}

/** Keeps the equations solvable where the kinds are wholly apart; far too small to be seen elsewhere. */
const ridge = 1e-6;
const maxRounds = 200;

/**
 * Weighted logistic regression by Newton's method: the coefficients whose linear form is the log odds of "target". With equal
 * total weight of both kinds the prior odds are even, and the log odds are the llr (Brümmer, Measuring, refining and
 * calibrating speaker and language information, 2010, ch. 8).
 */
export function fitLogistic(
  { features, width, targets, weights }: LabelledFeatures,
  start = new Float64Array(width),
): Float64Array<ArrayBuffer> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new RangeError('a regression needs rows that count');
  const coefficients = Float64Array.from(start);
  const cost = (candidate: Float64Array): number => {
    let sum = candidate.reduce((squares, value) => squares + (ridge / 2) * value * value, 0);
    for (let row = 0; row < targets.length; row++) {
      const weight = (weights[row] ?? 0) / total;
      if (weight === 0) continue;
      let logOdds = 0;
      for (let i = 0; i < width; i++) logOdds += (candidate[i] ?? 0) * (features[row * width + i] ?? 0);
      const wrong = targets[row] === true ? -logOdds : logOdds;
      sum += weight * (Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong))));
    }
    return sum;
  };
  for (let round = 0; round < maxRounds; round++) {
    const slope = Float64Array.from(coefficients, (value) => ridge * value);
    const curvature = new Float64Array(width * width);
    for (let i = 0; i < width; i++) curvature[i * width + i] = ridge;
    for (let row = 0; row < targets.length; row++) {
      const weight = (weights[row] ?? 0) / total;
      if (weight === 0) continue;
      const at = row * width;
      let logOdds = 0;
      for (let i = 0; i < width; i++) logOdds += (coefficients[i] ?? 0) * (features[at + i] ?? 0);
      const probability = 1 / (1 + Math.exp(-logOdds));
      const error = weight * (probability - (targets[row] === true ? 1 : 0));
      const spread = weight * probability * (1 - probability);
      for (let i = 0; i < width; i++) {
        const x = features[at + i] ?? 0;
        slope[i] = (slope[i] ?? 0) + error * x;
        for (let j = 0; j <= i; j++)
          curvature[i * width + j] = (curvature[i * width + j] ?? 0) + spread * x * (features[at + j] ?? 0);
      }
    }
    const step = solveSymmetric(curvature, slope, width);
    const before = cost(coefficients);
    const trial = coefficients.slice();
    let share = 1;
    // A whole step can overshoot where the kinds lie almost apart; a part of it never makes the cost worse.
    do {
      step.forEach((change, i) => (trial[i] = (coefficients[i] ?? 0) - share * change));
      share /= 2;
    } while (cost(trial) > before && share > 1e-9);
    const gained = before - cost(trial);
    if (gained >= 0) coefficients.set(trial);
    if (gained < 1e-13) return coefficients;
  }
  throw new RangeError('the regression did not settle');
}

/** Cholesky's method; the lower triangle of `matrix` is read and overwritten. */
function solveSymmetric(matrix: Float64Array, vector: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const at = (i: number, j: number): number => matrix[i * size + j] ?? 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      matrix[i * size + j] = i === j ? Math.sqrt(sum) : sum / at(j, j);
    }
  }
  const solved = Float64Array.from(vector);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solved[i] = (solved[i] ?? 0) - at(i, k) * (solved[k] ?? 0);
    solved[i] = (solved[i] ?? 0) / at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solved[i] = (solved[i] ?? 0) - at(k, i) * (solved[k] ?? 0);
    solved[i] = (solved[i] ?? 0) / at(i, i);
  }
  return solved;
}
