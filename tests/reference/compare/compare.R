# Reference numbers for groups compared on an mRS, with R's own tests and packages.
#
#   Rscript compare.R SOOP_FOLDER > compare.json
#
# Rows are rebuilt from the published tables; SOOP is read from participants.tsv. Effects are of the
# second group against the first. Winning means a lower mRS, ties are split.

suppressMessages({
  library(jsonlite)
  library(MASS)
  library(ordinal)
  library(pROC)
})

WANG <- c(.96, .83, .72, .54, .22, -.18, 0)
DAWN <- c(1, .91, .76, .65, .33, 0, 0)

rows <- function(...) {
  counts <- list(...)
  data.frame(
    group = factor(rep(names(counts), sapply(counts, sum)), levels = names(counts)),
    mrs = unlist(lapply(counts, function(n) rep(0:6, n)), use.names = FALSE)
  )
}

triple <- function(value, limits) {
  list(value = value, ci_low = limits[[1]], ci_high = limits[[2]])
}

win_odds <- function(d) {
  curve <- roc(d$group, d$mrs, levels = levels(d$group), direction = ">", quiet = TRUE)
  theta <- as.numeric(auc(curve))
  error <- sqrt(var(curve, method = "delong")) / (theta * (1 - theta))
  triple(theta / (1 - theta), exp(qlogis(theta) + c(-1, 1) * qnorm(.975) * error))
}

common_odds_ratio <- function(d) {
  fit <- clm(factor(mrs) ~ group, data = d, control = clm.control(gradTol = 1e-10))
  profile <- confint(fit, type = "profile")
  table <- coef(summary(fit))
  lapply(seq_len(nlevels(d$group) - 1), function(k) {
    row <- table[paste0("group", levels(d$group)[k + 1]), ]
    wald <- row[["Estimate"]] + c(-1, 1) * qnorm(.975) * row[["Std. Error"]]
    list(
      odds_ratio = exp(row[["Estimate"]]), or_low = exp(wald[1]), or_high = exp(wald[2]),
      or_profile_low = exp(profile[k, 1]), or_profile_high = exp(profile[k, 2]),
      p = row[["Pr(>|z|)"]]
    )
  })
}

# Newcombe's method 10 from the Wilson intervals of prop.test; the ratios as the exponentials of
# binomial regressions with a logarithmic and a logistic link.
at_cut <- function(d, cut) {
  event <- as.integer(d$mrs <= cut)
  x <- tapply(event, d$group, sum)
  n <- table(d$group)
  p <- as.numeric(x / n)
  wilson <- sapply(1:2, function(k) suppressWarnings(prop.test(x[k], n[k], correct = FALSE))$conf.int)
  difference <- p[2] - p[1]
  limits <- c(
    difference - sqrt((p[2] - wilson[1, 2])^2 + (wilson[2, 1] - p[1])^2),
    difference + sqrt((wilson[2, 2] - p[2])^2 + (p[1] - wilson[1, 1])^2)
  )
  out <- list(cut = cut, events = as.numeric(x), risk_difference = triple(difference, limits))
  if (all(x > 0) && all(x < n)) {
    control <- glm.control(epsilon = 1e-14, maxit = 100)
    ratio <- function(link) {
      start <- if (link == "log") c(log(mean(event)) - .1, 0) else NULL
      fit <- glm(event ~ d$group, family = binomial(link), start = start, control = control)
      row <- coef(summary(fit))[2, ]
      triple(exp(row[[1]]), exp(row[[1]] + c(-1, 1) * qnorm(.975) * row[[2]]))
    }
    out$risk_ratio <- ratio("log")
    out$odds_ratio <- ratio("logit")
  }
  out
}

utility <- function(d, weights) {
  worth <- weights[d$mrs + 1]
  test <- t.test(worth[as.integer(d$group) == 2], worth[as.integer(d$group) == 1])
  list(
    means = rev(as.numeric(test$estimate)),
    difference = c(triple(-diff(as.numeric(test$estimate)), test$conf.int), list(p = test$p.value))
  )
}

two <- function(d) {
  test <- wilcox.test(mrs ~ group, data = d, exact = FALSE)
  list(
    n = as.numeric(table(d$group)),
    wilcoxon = list(statistic = as.numeric(test$statistic), p = test$p.value),
    win_odds = win_odds(d), common_odds_ratio = common_odds_ratio(d)[[1]],
    cuts = lapply(0:5, function(cut) at_cut(d, cut)),
    utility = list(wang_2020 = utility(d, WANG), dawn = utility(d, DAWN))
  )
}

several <- function(d) {
  test <- kruskal.test(mrs ~ group, data = d)
  list(
    n = as.numeric(table(d$group)), groups = levels(d$group),
    kruskal_wallis = list(
      statistic = as.numeric(test$statistic), df = as.numeric(test$parameter), p = test$p.value
    ),
    common_odds_ratios = common_odds_ratio(d)
  )
}

# Berkhemer et al., N Engl J Med 2015;372:11.
mr_clean <- rows(control = c(1, 15, 35, 44, 81, 32, 59), intervention = c(6, 21, 49, 43, 52, 13, 49))
# Lees et al., Lancet 2010;375:1695: treated within 90 minutes of onset.
alteplase <- rows(placebo = c(16, 30, 17, 18, 29, 11, 30), alteplase = c(36, 31, 13, 21, 22, 7, 31))

folder <- commandArgs(trailingOnly = TRUE)[1]
soop <- read.delim(file.path(folder, "participants.tsv"), na.strings = "n/a")
soop$mrs <- as.integer(soop$gs_rankin_6isdeath)
by <- function(column, levels) {
  d <- data.frame(mrs = soop$mrs, group = factor(soop[[column]], levels = levels))
  d[complete.cases(d), ]
}
causes <- sort(unique(soop$etiology))
soop$both <- paste(soop$sex, soop$priorstroke, sep = ",")

cat(toJSON(
  list(
    mr_clean = two(mr_clean), alteplase = two(alteplase),
    soop_sex = two(by("sex", c("F", "M"))),
    soop_prior_stroke = two(by("priorstroke", c(0, 1))),
    soop_etiology = several(by("etiology", causes)),
    soop_sex_prior_stroke = several(by("both", c("F,0", "F,1", "M,0", "M,1")))
  ),
  auto_unbox = TRUE, digits = NA, pretty = TRUE, null = "null"
))
