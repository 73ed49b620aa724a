/** What the default strategy is to reach on August's sessions of the e-shop file, having learned from April to July. */
export const ESHOP_TARGETS = {
  asServed: { 'HR@10': 0.58, 'HR@20': 0.725, 'MRR@20': 0.295 },
  viewedAllowed: { 'HR@10': 0.56, 'HR@20': 0.715, 'MRR@20': 0.275 },
};
