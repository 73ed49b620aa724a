import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../engine/numeric/random.ts';
import {
  createRerankerKernel,
  firstInputOf,
  INPUT_STRIDE,
  NO_CANDIDATE,
  RERANKED,
} from '../../../engine/ranking/reranker-kernel.ts';
import { CANDIDATE_INPUTS, RERANKER_INPUTS, SESSION_INPUTS } from '../../../engine/serving-index/reranker.ts';

const HIDDEN_UNITS = 6;
const WIDTH = RERANKER_INPUTS.length + 2;

interface Question {
  base: number[];
  /** (candidates, inputs) with those of the session. */
  rows: number[][];
  chosen: number;
  /** (candidates) */
  isViewed: boolean[];
  isAskedAsServed: boolean;
}

/** One candidate and one unit after the other, in float64. */
function plainLogits({ base, rows }: Question, parameters: ArrayLike<number>): number[] {
  return rows.map((row, candidate) => {
    let logit = base[candidate];
    for (let unit = 0; unit < HIDDEN_UNITS; unit++) {
      const at = unit * WIDTH;
      const sum = row.reduce((total, value, i) => total + parameters[at + i] * value, parameters[at + row.length]);
      logit += parameters[at + row.length + 1] * Math.max(0, sum);
    }
    return logit;
  });
}

function plainLoss(
  question: Question,
  parameters: ArrayLike<number>,
  isAsked: (candidate: number) => boolean = () => true,
): number {
  const all = plainLogits(question, parameters);
  const logits = all.filter((_, candidate) => isAsked(candidate));
  return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - all[question.chosen];
}

/** As it is learned from: without the viewed candidates too, where it is asked so. */
function plainLosses(question: Question, parameters: ArrayLike<number>): number {
  const loss = plainLoss(question, parameters);
  if (!question.isAskedAsServed) return loss;
  return loss + plainLoss(question, parameters, (candidate) => !question.isViewed[candidate]);
}

const random = seededRandom(4);
const draw = () => 2 * random() - 1;
const questions = [1, 15, 16, 17, RERANKED].map((size): Question => {
  const session = SESSION_INPUTS.map(draw);
  const chosen = Math.floor(random() * size);
  return {
    base: Array.from({ length: size }, () => 3 * draw()),
    rows: Array.from({ length: size }, () => [...CANDIDATE_INPUTS.map(draw), ...session]),
    chosen,
    isViewed: Array.from({ length: size }, (_, candidate) => candidate !== chosen && random() < 0.3),
    isAskedAsServed: size !== 16,
  };
});
const parameters = Float32Array.from({ length: HIDDEN_UNITS * WIDTH }, draw);

function loaded() {
  const kernel = createRerankerKernel(questions.length, HIDDEN_UNITS);
  kernel.parameters.set(parameters);
  questions.forEach(({ base, rows, chosen, isViewed, isAskedAsServed }, q) => {
    kernel.baseLogits.set(base, q * RERANKED);
    kernel.sessionInputs.set(rows[0].slice(CANDIDATE_INPUTS.length), q * SESSION_INPUTS.length);
    rows.forEach((row, candidate) => {
      for (let i = 0; i < CANDIDATE_INPUTS.length; i++) {
        kernel.inputs[firstInputOf(q, candidate) + i * INPUT_STRIDE] = row[i];
      }
    });
    kernel.chosen[q] = chosen;
    kernel.isAskedAsServed[q] = Number(isAskedAsServed);
    isViewed.forEach((viewed, candidate) => {
      kernel.viewedPenalties[q * RERANKED + candidate] = viewed ? NO_CANDIDATE : 0;
    });
    kernel.order[q] = q;
  });
  return kernel;
}

describe("the reranker's kernel", () => {
  test('gives the logits of plain code, however many candidates there are', () => {
    const kernel = loaded();
    questions.forEach((question, q) => {
      kernel.score(q);
      plainLogits(question, parameters).forEach((logit, candidate) => {
        expect(kernel.logits[candidate]).toBeCloseTo(logit, 4);
      });
    });
  });

  test('tells what each question loses', () => {
    const kernel = loaded();
    kernel.learn(0, questions.length);
    questions.forEach((question, q) => {
      expect(Math.log(kernel.sums[q]) + kernel.shortfalls[q]).toBeCloseTo(plainLoss(question, parameters), 4);
    });
  });

  test('gives the gradient that finite differences of plain code give, of the questions asked for', () => {
    const kernel = loaded();
    // Three of them, in another order.
    kernel.order.set([4, 3, 2, 1, 0]);
    kernel.learn(1, 4);
    const asked = questions.slice(1, 4);
    const total = (at: ArrayLike<number>) => asked.reduce((sum, question) => sum + plainLosses(question, at), 0);
    for (let p = 0; p < parameters.length; p++) {
      const exact = Float64Array.from(parameters);
      const slope = (total(exact.with(p, exact[p] + 1e-5)) - total(exact.with(p, exact[p] - 1e-5))) / 2e-5;
      expect(kernel.gradient[p]).toBeCloseTo(slope, 3);
    }
  });
});
