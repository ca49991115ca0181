# Proportional odds fitted to three completed tables by ordinal::clm and pooled by mice; writes the
# tables to completed.csv and the numbers to pooled_clm.json. Run as: Rscript pooled_clm.R
# ordinal 2022.11-16, mice 3.15.0.
suppressMessages({library(ordinal); library(mice); library(jsonlite)})
folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
set.seed(21)
n <- 140
age <- round(rnorm(n, 70, 11)); nihss <- rpois(n, 9); sex <- factor(sample(c("F", "M"), n, TRUE))
mrs <- cut(0.05 * age + 0.12 * nihss + rlogis(n), c(-Inf, 3, 4, 5, 6, Inf), labels = FALSE) - 1
table <- data.frame(mrs = factor(mrs, ordered = TRUE), age, nihss, sex)
table$age[runif(n) < 0.25] <- NA
table$sex[runif(n) < 0.2] <- NA
imputed <- mice(table, m = 3, seed = 5, printFlag = FALSE)
write.csv(complete(imputed, "long")[, c(".imp", "mrs", "age", "nihss", "sex")],
          file.path(folder, "completed.csv"), row.names = FALSE, quote = FALSE)
control <- clm.control(gradTol = 1e-10)
fits <- lapply(1:3, function(i) clm(mrs ~ age + nihss + sex, data = complete(imputed, i),
                                    control = control))
rows <- pool(as.mira(fits), dfcom = n - 7)$pooled
s <- summary(pool(as.mira(fits), dfcom = n - 7), conf.int = TRUE)
alone <- lapply(1:3, function(i) clm(mrs ~ age, data = complete(imputed, i), control = control))
alone <- summary(pool(as.mira(alone), dfcom = n - 5))
write_json(list(
  term = as.character(rows$term), estimate = rows$estimate, se = sqrt(rows$t), df = rows$df,
  fmi = rows$fmi, p = s$p.value, ci_low = s$`2.5 %`, ci_high = s$`97.5 %`,
  age_alone = list(estimate = alone$estimate[alone$term == "age"],
                   se = alone$std.error[alone$term == "age"])),
  file.path(folder, "pooled_clm.json"), digits = NA, auto_unbox = TRUE)
