# Rubin's rules by mice::pool and the joint test D1 by mitml::testModels, given estimates of each
# imputation; writes mice_pool.json. Run as: Rscript mice_pool.R
# mice 3.15.0, mitml 0.4-4.
suppressMessages({library(mice); library(mitml); library(jsonlite)})
folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
set.seed(3)
n <- 120
x1 <- rnorm(n); x2 <- rnorm(n) + x1 / 2; x3 <- rnorm(n)
y <- rbinom(n, 1, plogis(0.8 * x1 - 0.5 * x2))
table <- data.frame(y, x1, x2, x3)
table$x1[runif(n) < 0.3] <- NA
table$x2[runif(n) < 0.4] <- NA
imputed <- mice(table, m = 5, seed = 4, printFlag = FALSE)
full <- lapply(1:5, function(i) glm(y ~ x1 + x2 + x3, binomial, complete(imputed, i)))
null <- lapply(1:5, function(i) glm(y ~ x3, binomial, complete(imputed, i)))
pooled <- summary(pool(as.mira(full), dfcom = n - 4), conf.int = TRUE)
detail <- pool(as.mira(full), dfcom = n - 4)$pooled
joint <- testModels(full, null, method = "D1", df.com = n - 4)$test
write_json(list(
  complete_df = n - 4,
  estimates = lapply(full, coef), covariances = lapply(full, function(f) unname(vcov(f))),
  estimate = pooled$estimate, se = pooled$std.error, statistic = pooled$statistic, df = pooled$df,
  p = pooled$p.value, ci_low = pooled$`2.5 %`, ci_high = pooled$`97.5 %`,
  riv = detail$riv, lambda = detail$lambda, fmi = detail$fmi,
  joint = list(statistic = joint[1, 1], df1 = joint[1, 2], df2 = joint[1, 3], p = joint[1, 4])),
  file.path(folder, "mice_pool.json"), digits = NA, auto_unbox = TRUE, pretty = TRUE)
