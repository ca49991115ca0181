# Numbers that a Table 1 must agree with, by base R, arsenal and Hmisc, and SMDs worked out by hand.
# Run as `Rscript table_one.R constructed.csv constructed.json` and, on the real table of SOOP,
# `Rscript table_one.R SOOP/participants.tsv soop.json`.

suppressPackageStartupMessages({library(jsonlite); library(arsenal); library(Hmisc)})
files <- commandArgs(trailingOnly = TRUE)
is_soop <- grepl("tsv$", files[1])
frame <- if (is_soop) {
  read.delim(files[1], na.strings = c("n/a", ""), quote = "\"")
} else {
  read.csv(files[1], na.strings = "")
}
if (is_soop) {
  names(frame) <- c("id", "sex", "age", "race", "acute", "prior_stroke", "bmi", "nihss_admission",
                    "mrs_discharge", "etiology")[match(names(frame),
    c("participant_id", "sex", "age", "race", "acuteischaemicstroke", "priorstroke", "bmi", "nihss",
      "gs_rankin_6isdeath", "etiology"))]
  frame$age <- as.numeric(sub("\\+$", "", frame$age))
  bys <- c("sex", "race", "prior_stroke")
  numbers <- c("age", "bmi"); scores <- c("nihss_admission", "mrs_discharge")
  flags <- c("prior_stroke"); factors <- c("sex", "race", "etiology")
} else {
  bys <- c("two", "three", "tiny")
  numbers <- c("age", "glucose", "constant", "constant_in_train", "missing_in_c", "all_missing")
  scores <- c("nihss", "mrs"); flags <- c("flag", "rare")
  factors <- c("etiology", "territory", "one_level", "disjoint", "class")
}

quietly <- function(value) suppressWarnings(tryCatch(value, error = function(e) NULL))
p_of <- function(test) quietly({ t <- test; list(p = unname(t$p.value), statistic = unname(t$statistic)) })

describe <- function(x) {
  x <- x[!is.na(x)]
  q <- Hmisc::wtd.quantile(x, probs = c(.25, .5, .75), type = "quantile")  # type 7
  list(n = length(x), mean = mean(x), sd = sd(x), q1 = unname(q[1]), median = unname(q[2]),
       q3 = unname(q[3]), min = if (length(x)) min(x), max = if (length(x)) max(x))
}

smd_numbers <- function(a, b) (mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)

smd_levels <- function(table) {  # Yang and Dalton 2012
  table <- table[rowSums(table) > 0, , drop = FALSE]
  if (nrow(table) < 2 || !any(table[, 1] > 0 & table[, 2] > 0)) return(NULL)
  p <- sweep(table, 2, colSums(table), "/")
  p <- p[-1, , drop = FALSE]
  s <- Reduce(`+`, lapply(1:2, function(j) diag(p[, j], nrow(p)) - p[, j] %o% p[, j])) / 2
  d <- p[, 1] - p[, 2]
  sqrt(drop(t(d) %*% solve(s) %*% d))
}

smd_ci <- function(d, n1, n2) d + c(-1, 1) * 1.96 * sqrt((n1 + n2) / (n1 * n2) + d^2 / (2 * (n1 + n2)))

newcombe <- function(x, n) {
  w <- lapply(1:2, function(i) prop.test(x[i], n[i], correct = FALSE)$conf.int)
  p <- x / n
  d <- p[1] - p[2]
  100 * c(d, d - sqrt((p[1] - w[[1]][1])^2 + (w[[2]][2] - p[2])^2),
          d + sqrt((w[[1]][2] - p[1])^2 + (p[2] - w[[2]][1])^2))
}

moses <- function(a, b) {
  d <- sort(outer(a, b, "-")); n <- length(d)
  c <- max(1, floor(n / 2 - qnorm(.975) * sqrt(n * (length(a) + length(b) + 1) / 12)))
  c(median(d), d[c], d[n + 1 - c])
}

compare_numbers <- function(x, g, ordered) {
  columns <- length(unique(na.omit(g)))
  keep <- !is.na(x) & !is.na(g); x <- x[keep]; g <- droplevels(factor(g[keep]))
  samples <- split(x, g)
  if (length(samples) < 2) return(list())
  two <- length(samples) == 2
  out <- list(
    welch = p_of(if (two) t.test(x ~ g) else oneway.test(x ~ g)),
    rank = p_of(if (two) wilcox.test(x ~ g, exact = FALSE, correct = TRUE) else kruskal.test(x, g)))
  if (columns == 2 && min(lengths(samples)) > 1) {
    a <- samples[[1]]; b <- samples[[2]]
    d <- smd_numbers(a, b)
    if (is.finite(d)) out$smd <- c(d, smd_ci(d, length(a), length(b)))
    r <- rank(c(a, b))
    d <- smd_numbers(r[seq_along(a)], r[-seq_along(a)])
    if (is.finite(d)) out$smd_ranks <- c(d, smd_ci(d, length(a), length(b)))
    out$difference <- quietly({ t <- t.test(a, b); c(mean(a) - mean(b), t$conf.int) })
    out$shift <- moses(a, b)
    if (ordered) out$trend <- quietly({
      tab <- table(x, g); p_of(prop.trend.test(tab[, 1], rowSums(tab), as.numeric(rownames(tab))))
    })
  }
  out
}

compare_levels <- function(x, g, ordered) {  # ordered: whether the columns are
  columns <- length(unique(na.omit(g)))
  keep <- !is.na(x) & !is.na(g)
  tab <- table(droplevels(factor(x[keep])), droplevels(factor(g[keep])))
  out <- list(table = unclass(tab), levels = rownames(tab), columns = colnames(tab))
  if (ncol(tab) > 1 && nrow(tab) > 1) {
    expected <- quietly(chisq.test(tab)$expected)
    out$chi2 <- p_of(chisq.test(tab, correct = FALSE))
    out$least_expected <- min(expected)
    out$fisher <- quietly(fisher.test(tab, workspace = 2e8)$p.value)
    if (columns == 2) {
      d <- smd_levels(tab)
      if (!is.null(d)) out$smd <- c(d, smd_ci(d, sum(tab[, 1]), sum(tab[, 2])))
      out$differences <- lapply(rownames(tab), function(l) newcombe(tab[l, ], colSums(tab)))
    } else if (nrow(tab) == 2 && ordered) {
      out$trend <- p_of(prop.trend.test(tab[2, ], colSums(tab)))
    }
  }
  out
}

by_arsenal <- function(by) {  # every cell of its table, and its p-values
  f <- as.formula(paste(by, "~", paste(c(paste0("kwt(", scores, ")"), paste0("chisq(", factors[1:2], ")")),
                                       collapse = "+")))
  t <- as.data.frame(tableby(f, data = frame, numeric.stats = c("Nmiss", "meansd", "q1q3"), total = TRUE))
  columns <- setdiff(names(t), c("group.term", "group.label", "strata.term", "variable", "term", "label",
                                 "variable.type", "test", "p.value"))
  rows <- which(vapply(t[[columns[1]]], is.numeric, TRUE))
  lapply(rows, function(i) list(
    variable = t$variable[i], term = t$term[i], label = as.character(t$label[i]), p = t$p.value[i],
    cells = setNames(lapply(columns, function(k) as.numeric(t[[k]][[i]])), columns)))
}

result <- list()
for (by in bys) {
  g <- frame[[by]]
  rows <- list()
  for (v in setdiff(c(numbers, scores), by)) {
    x <- as.numeric(frame[[v]])
    groups <- c(lapply(split(x, g), describe), list(overall = describe(x[!is.na(g)])))
    rows[[v]] <- c(list(groups = groups), compare_numbers(x, g, v %in% scores))
    if (v %in% scores) rows[[v]]$levels <- compare_levels(x, g, by == "three")
  }
  for (v in setdiff(c(flags, factors), by)) rows[[v]] <- compare_levels(frame[[v]], g, by == "three")
  result[[by]] <- rows
}
result$arsenal <- setNames(lapply(bys[1:2], by_arsenal), bys[1:2])
p <- c(.001, .04, .03, .2, .04)
result$adjusted <- list(p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))
write_json(result, files[2], digits = NA, auto_unbox = TRUE, null = "null", na = "null", pretty = 1)
