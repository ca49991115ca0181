# Discrimination and calibration of two predictions for 250 made-up subjects; writes the subjects
# to predictions.csv and the numbers to performance.json. Run as: Rscript performance.R
# pROC 1.18.0, survival 3.5-3, rms 6.5-0, Hmisc 4.8-0.
suppressMessages({library(pROC); library(survival); library(rms); library(jsonlite)})
folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
set.seed(11)
n <- 250
x1 <- rnorm(n); x2 <- rnorm(n)
level <- cut(x1 + 0.5 * x2 + rlogis(n), c(-Inf, -1.5, -0.5, 0.4, 1.3, Inf), labels = FALSE) - 1
event <- as.integer(level > 2)
# Rounded, so that some tie.
first <- round(plogis(-1 + 1.3 * x1 + 0.3 * x2), 2)
second <- round(plogis(-0.5 + 0.8 * x1), 2)
first <- pmin(pmax(first, 0.01), 0.99); second <- pmin(pmax(second, 0.01), 0.99)
fold <- rep(0:4, length.out = n)
above <- sapply(1:4, function(cut) level >= cut)
shift <- c(1.8, 0.9, 0, -1.1)
probability <- sapply(shift, function(s) plogis(qlogis(first) + s))
write.csv(data.frame(level, event, first, second, fold), file.path(folder, "predictions.csv"),
          row.names = FALSE, quote = FALSE)

roc1 <- roc(event, first, quiet = TRUE, direction = "<")
roc2 <- roc(event, second, quiet = TRUE, direction = "<")
test <- roc.test(roc1, roc2, paired = TRUE, method = "delong")
c_all <- concordance(level ~ first)
c_fold <- concordance(level ~ first + strata(fold))
lp <- qlogis(first)
joint <- lrm(event ~ lp, x = TRUE, y = TRUE)
large <- glm(event ~ offset(lp), family = binomial)
val <- val.prob(first, event, pl = FALSE)

stacked <- data.frame(y = as.integer(t(above)), lp = as.numeric(t(qlogis(probability))),
                      id = rep(seq_len(n), each = 4))
cuts <- lrm(y ~ lp, data = stacked, x = TRUE, y = TRUE)
robust <- robcov(cuts, cluster = stacked$id)
single <- robcov(joint)
curve <- lowess(first, event, iter = 0, delta = 0)

numbers <- list(
  auc = as.numeric(auc(roc1)), auc_ci = as.numeric(ci.auc(roc1))[c(1, 3)],
  auc_second = as.numeric(auc(roc2)),
  difference = as.numeric(roc1$auc - roc2$auc), difference_ci = as.numeric(test$conf.int),
  difference_p = test$p.value,
  roc = list(threshold = roc1$thresholds, sensitivity = roc1$sensitivities,
             specificity = roc1$specificities),
  c = unname(c_all$concordance), c_se = sqrt(as.numeric(c_all$var)),
  c_fold = unname(c_fold$concordance), c_fold_se = sqrt(as.numeric(c_fold$var)),
  slope = unname(coef(joint)[2]), intercept = unname(coef(joint)[1]),
  slope_se = sqrt(vcov(single)[2, 2]), intercept_se = sqrt(vcov(single)[1, 1]),
  slope_model_se = sqrt(vcov(joint)[2, 2]),
  in_the_large = unname(coef(large)),
  val_prob = list(slope = unname(val["Slope"]), intercept = unname(val["Intercept"]),
                  brier = unname(val["Brier"]), c = unname(val["C (ROC)"])),
  cuts_slope = unname(coef(robust)[2]), cuts_intercept = unname(coef(robust)[1]),
  cuts_slope_se = sqrt(vcov(robust)[2, 2]), cuts_intercept_se = sqrt(vcov(robust)[1, 1]),
  lowess = list(x = curve$x, y = curve$y),
  wilson = lapply(c(0, 3, 12), function(k) as.numeric(binconf(k, 12, method = "wilson"))[2:3]))
write_json(numbers, file.path(folder, "performance.json"), digits = NA, auto_unbox = TRUE)
