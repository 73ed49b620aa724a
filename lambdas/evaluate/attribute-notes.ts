import type { AttributeEvaluation } from '../../engine/evaluation/attribute-evaluation.ts';
import { FEWEST_QUESTIONS, type NewProductEvaluation } from '../../engine/evaluation/new-products.ts';

/** What the shop should know about products that nobody has viewed yet. */
export function attributeNotesOf(attributes: AttributeEvaluation | undefined): string[] {
  if (attributes === undefined) return [];
  const { isFitted, pull, newProducts } = attributes;
  return [
    ...(isFitted
      ? []
      : ['The weights of attributes are the unfitted ones: there are too few sessions to fit them on.']),
    ...(pull === 0 ? [] : [`Rare products are drawn towards their attributes as if by ${pull} views.`]),
    ...(newProducts === null ? [] : noteOfNewProducts(newProducts)),
  ];
}

function noteOfNewProducts({ newProducts, newNext, afterNew }: NewProductEvaluation): string[] {
  if (newNext === null && afterNew === null) {
    const found =
      newProducts === 0 ? 'no product is' : newProducts === 1 ? '1 product is' : `${newProducts} products are`;
    const few = newProducts === 0 ? '' : `, which makes fewer than ${FEWEST_QUESTIONS} questions`;
    return [
      `How well new products are recommended was not measured: ${found} viewed for the first time in the held-out sessions${few}.`,
    ];
  }
  const sentence = (title: string, figures: NewProductEvaluation['newNext']) => {
    if (figures === null) return `${title}: fewer than ${FEWEST_QUESTIONS} questions`;
    const hitRates = Object.entries(figures.figures).map(
      ([
        name,
        {
          'HR@20': { value, low, high },
        },
      ]) => `${name} ${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
    );
    return `${title} (${figures.questions} questions, ${figures.candidates} candidates): HR@20 by ${hitRates.join(', by ')}`;
  };
  return [
    `New products: ${newProducts === 1 ? '1 is' : `${newProducts} are`} viewed for the first time in the held-out sessions. ${sentence('Which of them comes next', newNext)}. ${sentence('What comes after one of them', afterNew)}.`,
  ];
}
