# Multiple imputation of the SOOP table by R's mice, pooled; writes mice_soop.csv.
# Run as: Rscript mice_soop.R FOLDER_OF_REAL_DATA
# mice 3.15.0, ordinal 2022.11-16.
suppressMessages({library(mice); library(ordinal)})
data <- commandArgs(TRUE)[1]
folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))

rows <- read.delim(file.path(data, "soop", "participants.tsv"), na.strings = "n/a", quote = "\"")
artery <- read.delim(file.path(data, "expected", "soop_artery.tsv"))
rows <- merge(rows, artery[, c("participant_id", "lesion_volume")], all = TRUE)
rows$volume <- log1p(rows$lesion_volume / 1000)
rows$age <- as.numeric(sub("\\+", "", rows$age))
table <- data.frame(
  mrs = factor(rows$gs_rankin_6isdeath, ordered = TRUE), age = rows$age,
  male = factor(rows$sex), nihss = rows$nihss, prior = factor(rows$priorstroke), bmi = rows$bmi,
  race = factor(rows$race), volume = rows$volume)
table <- table[rowSums(!is.na(table)) > 0, ]

method <- c(mrs = "polr", age = "pmm", male = "logreg", nihss = "pmm", prior = "logreg",
            bmi = "pmm", race = "logreg", volume = "pmm")
imputed <- mice(table, m = 200, maxit = 10, method = method, seed = 7, printFlag = FALSE,
                ridge = 1e-5)
known <- !is.na(table$mrs)
fits <- lapply(1:200, function(i) {
  clm(mrs ~ age + male + nihss + prior + bmi + race + volume, data = complete(imputed, i)[known, ])
})
pooled <- pool(as.mira(fits), dfcom = sum(known) - 13)$pooled
out <- pooled[!grepl("\\|", pooled$term),
              c("term", "estimate", "ubar", "b", "t", "df", "riv", "lambda", "fmi")]
write.csv(format(out, digits = 12), file.path(folder, "mice_soop.csv"), row.names = FALSE,
          quote = FALSE)
cat(nrow(table), sum(known), "\n")
