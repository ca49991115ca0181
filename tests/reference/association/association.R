# Reference numbers for the effect sizes of several groups, from R's own tests.
#
#   Rscript association.R > association.json
#
# airquality is R's, as ?kruskal.test has it; the tables are Agresti's of ?chisq.test (rows are
# levels, columns groups) and one made up. Limits are those noncentralities at which the statistic
# is the 97.5 % and the 2.5 % quantile.

suppressMessages(library(jsonlite))

noncentrality <- function(statistic, df, p) {
  off <- function(ncp) pchisq(statistic, df, ncp) - p
  if (off(0) <= 0) return(0)
  uniroot(off, c(0, 10 * statistic + 100), tol = 1e-10)$root
}

limits <- function(statistic, df, scale) {
  found <- sapply(c(low = .975, high = .025), function(p) noncentrality(statistic, df, p))
  list(ci_low = scale(found[["low"]]), ci_high = scale(found[["high"]]))
}

epsilon_squared <- function(values, group) {
  test <- kruskal.test(values, group)
  n <- length(values)
  # The share of the variance of ranks that lies between the groups.
  value <- summary(lm(rank(values) ~ factor(group)))$r.squared
  c(
    list(samples = unname(split(values, group))),
    list(statistic = test$statistic[[1]], df = test$parameter[[1]], n = n, value = value),
    limits(test$statistic[[1]], test$parameter[[1]], function(ncp) ncp / n)
  )
}

cramers_v <- function(table) {
  test <- suppressWarnings(chisq.test(table, correct = FALSE))
  n <- sum(table); r <- nrow(table); k <- ncol(table)
  phi2 <- max(0, test$statistic[[1]] / n - (r - 1) * (k - 1) / (n - 1))
  corrected <- function(levels) levels - (levels - 1)^2 / (n - 1)
  value <- sqrt(phi2 / (min(corrected(r), corrected(k)) - 1))
  c(
    list(counts = table),
    list(statistic = test$statistic[[1]], df = test$parameter[[1]], n = n, value = value),
    limits(test$statistic[[1]], test$parameter[[1]], function(ncp) sqrt(ncp / n / (min(r, k) - 1)))
  )
}

known <- airquality[!is.na(airquality$Ozone), ]
cat(toJSON(
  list(
    ozone = epsilon_squared(known$Ozone, known$Month),
    alike = epsilon_squared(rep(c(0, 0, 0, 1, 2, 5), 6), rep(1:4, each = 9)),
    party = cramers_v(rbind(c(762, 327, 468), c(484, 239, 477))),
    sides = cramers_v(rbind(c(30, 22, 10, 6), c(9, 25, 14, 8), c(12, 9, 21, 30))),
    alike_table = cramers_v(rbind(c(20, 21, 19), c(40, 39, 41)))
  ),
  auto_unbox = TRUE, digits = NA, pretty = TRUE
))
