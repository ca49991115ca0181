# Makes the constructed frame on which Table 1 is checked: ties, blanks, empty and tiny groups, one
# level, groups that share none, names and texts that trip programs up.
# Run as `Rscript constructed.R` in this folder; writes constructed.csv.

set.seed(24)
n <- 90
g2 <- rep(c("train", "hold-out"), c(52, 38))
g3 <- sample(c("A", "B", "C"), n, replace = TRUE, prob = c(.5, .3, .2))
blank <- function(x, k) replace(x, sample(n, k), NA)
frame <- data.frame(
  two = g2,
  three = g3,
  tiny = c("one", rep(c("many", "more"), length.out = n - 1)),
  age = round(rnorm(n, 71, 14), 1),
  glucose = blank(round(rlnorm(n, 4.7, .3) + 8 * (g2 == "hold-out"), 1), 11),
  nihss = blank(pmin(rpois(n, 9) + 3 * (g3 == "B"), 42), 7),
  mrs = blank(sample(0:6, n, replace = TRUE, prob = c(3, 4, 3, 3, 2, 1, 2)), 9),
  constant = 5,
  constant_in_train = ifelse(g2 == "train", 2, round(rnorm(n, 3), 2)),
  all_missing = NA,
  missing_in_c = ifelse(g3 == "C", NA, round(rnorm(n), 3)),
  flag = blank(rbinom(n, 1, .4), 5),
  rare = rbinom(n, 1, .04),
  etiology = blank(sample(c("LAA", "CE", "SVD", "other", "unknown"), n, TRUE, c(5, 4, 2, .5, 3)), 6),
  territory = sample(c("MCA", "ACA", "PCA"), n, TRUE, c(8, 3, 4)),
  one_level = "same",
  disjoint = ifelse(g2 == "train", sample(c("a", "b"), n, TRUE), sample(c("c", "d"), n, TRUE)),
  class = sample(c("=1+1", "50 % & $x_1$", "\\textbf{b}"), n, TRUE)
)
write.csv(frame, "constructed.csv", row.names = FALSE, na = "")
