# Bootstrap validation by rms::validate, nested models by anova and roc.test; writes the subjects to
# validate.csv and the numbers to validate.json. Run as: Rscript validate.R (takes minutes)
# rms 6.5-0, pROC 1.18.0, ordinal 2022.11-16.
suppressMessages({library(rms); library(pROC); library(ordinal); library(jsonlite)})
folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
set.seed(31)
n <- 200
age <- round(rnorm(n, 70, 11)); nihss <- rpois(n, 9); glucose <- round(rnorm(n, 130, 30))
volume <- round(exp(rnorm(n, 2, 1)), 1); bmi <- round(rnorm(n, 27, 4), 1)
risk <- 0.04 * (age - 70) + 0.12 * (nihss - 9) + 0.5 * (log1p(volume) - 2)
mrs <- cut(risk + rlogis(n), c(-Inf, -2, -1, 0, 1, 2, Inf), labels = FALSE) - 1
good <- as.integer(mrs <= 2)
write.csv(data.frame(mrs, age, nihss, glucose, bmi, volume), file.path(folder, "validate.csv"),
          row.names = FALSE, quote = FALSE)
lv <- log1p(volume)
set.seed(1)
index <- function(v, name) list(apparent = v[name, "index.orig"], optimism = v[name, "optimism"],
                                corrected = v[name, "index.corrected"])
binary <- rms::validate(lrm(good ~ age + nihss + glucose + bmi + lv, x = TRUE, y = TRUE), B = 4000)
ordinal <- rms::validate(lrm(mrs ~ age + nihss + glucose + bmi + lv, x = TRUE, y = TRUE), B = 4000)

small <- clm(factor(mrs) ~ age + nihss + glucose + bmi)
large <- clm(factor(mrs) ~ age + nihss + glucose + bmi + lv)
test <- anova(small, large)
g_small <- glm(good ~ age + nihss + glucose + bmi, family = binomial)
g_large <- update(g_small, . ~ . + lv)
delong <- roc.test(roc(good, fitted(g_large), quiet = TRUE, direction = "<"),
                   roc(good, fitted(g_small), quiet = TRUE, direction = "<"),
                   paired = TRUE, method = "delong")
write_json(list(
  binary = list(dxy = index(binary, "Dxy"), slope = index(binary, "Slope"),
                intercept = index(binary, "Intercept"), brier = index(binary, "B")),
  ordinal = list(dxy = index(ordinal, "Dxy")),
  ordinal_lr = list(chi2 = test$LR.stat[2], df = test$df[2], p = test$`Pr(>Chisq)`[2]),
  binary_lr = list(chi2 = g_small$deviance - g_large$deviance),
  delong = list(large = unname(delong$estimate[1]), small = unname(delong$estimate[2]),
                ci = as.numeric(delong$conf.int))),
  file.path(folder, "validate.json"), digits = NA, auto_unbox = TRUE, pretty = TRUE)
