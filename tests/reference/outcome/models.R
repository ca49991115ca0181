# Reference numbers for outcome models, from R's ordinal, MASS, VGAM, brglm2, pROC, rms, sandwich.
#
#   Rscript models.R PARTICIPANTS.TSV > models.json
#
# PARTICIPANTS.TSV is that of SOOP (OpenNeuro ds004889), odd-numbered subjects. Brant's test is
# written out below from his paper (Biometrics 1990;46:1171) on glm fits.

suppressPackageStartupMessages({
  library(ordinal); library(MASS); library(brglm2); library(pROC); library(rms); library(sandwich)
})
path <- commandArgs(trailingOnly = TRUE)[1]
d <- read.delim(path, na.strings = "n/a", stringsAsFactors = FALSE)
d$age <- as.numeric(sub("\\+$", "", d$age))
d <- data.frame(
  y = d$gs_rankin_6isdeath, age = d$age, male = as.integer(d$sex == "M"), nihss = d$nihss,
  prior = d$priorstroke, race = d$race, etiology = d$etiology, bmi = d$bmi
)
out <- list()
rows <- function(m) lapply(seq_len(nrow(m)), function(i) unname(m[i, ]))
number <- function(x) unname(as.numeric(x))
control <- clm.control(gradTol = 1e-10, maxIter = 200)

# Proportional odds, odds ratios by cut, Brant's test --------------------------------------------
proportional <- function(k, names) {
  p <- length(names)
  k$o <- factor(k$y, ordered = TRUE)
  m <- clm(reformulate(names, "o"), data = k, control = control)
  profile <- confint(m)
  x <- cbind(1, as.matrix(k[, names]))
  cuts <- head(sort(unique(k$y)), -1)
  fits <- lapply(cuts, function(cut) {
    k$above <- as.integer(k$y > cut)
    glm(reformulate(names, "above"), data = k, family = binomial,
        control = glm.control(epsilon = 1e-14, maxit = 100))
  })
  pi <- sapply(fits, fitted)
  b <- as.vector(sapply(fits, function(f) coef(f)[-1]))
  v <- matrix(0, length(b), length(b))
  bread <- lapply(seq_along(cuts), function(j) solve(t(x) %*% (x * (pi[, j] * (1 - pi[, j])))))
  for (l in seq_along(cuts)) for (h in l:length(cuts)) {
    joint <- t(x) %*% (x * (pi[, h] - pi[, l] * pi[, h]))
    block <- (bread[[l]] %*% joint %*% bread[[h]])[-1, -1]
    here <- (l - 1) * p + 1:p
    there <- (h - 1) * p + 1:p
    v[here, there] <- block
    v[there, here] <- t(block)
  }
  brant <- function(columns) {
    contrast <- do.call(rbind, lapply(2:length(cuts), function(j) {
      r <- matrix(0, length(columns), length(b))
      for (i in seq_along(columns)) {
        r[i, columns[i]] <- 1
        r[i, (j - 1) * p + columns[i]] <- -1
      }
      r
    }))
    z <- contrast %*% b
    as.numeric(t(z) %*% solve(contrast %*% v %*% t(contrast)) %*% z)
  }
  df <- (length(cuts) - 1) * p
  list(
    n = nrow(k), estimate = number(m$beta), se = number(sqrt(diag(vcov(m)))[names(m$beta)]),
    threshold = number(m$alpha), threshold_se = number(sqrt(diag(vcov(m)))[names(m$alpha)]),
    log_likelihood = number(logLik(m)), aic = AIC(m),
    null_log_likelihood = number(logLik(clm(o ~ 1, data = k))),
    profile_low = number(profile[, 1]), profile_high = number(profile[, 2]),
    polr = number(coef(polr(reformulate(names, "o"), data = k, Hess = TRUE))),
    c = number(lrm(reformulate(names, "y"), data = k)$stats["C"]),
    brant = list(df = df, chi2 = brant(1:p), p = pchisq(brant(1:p), df, lower.tail = FALSE),
                 term_chi2 = sapply(1:p, brant)),
    cut_estimate = rows(t(sapply(fits, function(f) coef(f)[-1]))),
    cut_se = rows(t(sapply(fits, function(f) sqrt(diag(vcov(f)))[-1])))
  )
}
k <- d[complete.cases(d[, c("y", "age", "male", "nihss", "prior")]), ]
k$o <- factor(k$y, ordered = TRUE)
out$ordinal <- proportional(k, c("age", "male", "nihss", "prior"))
m <- clm(o ~ age + male + nihss + prior, data = k, control = control)

# The same on numbers that anybody can make: whole-number arithmetic, so that they are alike everywhere
i <- 1:240
made <- data.frame(x = (i * 37) %% 101 / 10, z = as.integer(i %% 3 == 0))
made$y <- pmin(6, ((i * 53) %% 97 + 3 * ((i * 37) %% 101) %/% 5) %/% 24)
out$made <- proportional(made, c("x", "z"))

# Partial proportional odds: clm with nominal effects; its signs are those of thresholds --------
f <- clm(o ~ age + nihss + prior, nominal = ~ male, data = k, control = control)
free <- grep("male", names(coef(f)))
out$partial <- list(
  common = number(f$beta), common_se = number(sqrt(diag(vcov(f)))[names(f$beta)]),
  freed = number(-coef(f)[free]), freed_se = number(sqrt(diag(vcov(f)))[free]),
  log_likelihood = number(logLik(f))
)
suppressPackageStartupMessages(library(VGAM))
g <- vglm(o ~ age + male + nihss + prior, cumulative(parallel = FALSE ~ male, reverse = TRUE),
          data = k, epsilon = 1e-12, maxit = 100)
out$partial$vglm_freed <- number(coef(g)[grep("male", names(coef(g)))])
out$partial$vglm_log_likelihood <- number(logLik(g))
detach("package:VGAM", character.only = TRUE)

# Errors by cluster: rms::robcov has no G / (G - 1); race stands in for a centre ----------------
r <- k[!is.na(k$race) & !is.na(k$etiology), ]
r$cluster <- paste(r$race, substr(r$etiology, 1, 1))
l <- lrm(y ~ age + male + nihss, data = r, x = TRUE, y = TRUE, eps = 1e-12, maxit = 100)
G <- length(unique(r$cluster))
out$cluster <- list(
  clusters = G,
  se = number(sqrt(diag(vcov(robcov(l, r$cluster)))[c("age", "male", "nihss")] * G / (G - 1)))
)

# Splines and levels --------------------------------------------------------------------------
s <- r
s$o <- factor(s$y, ordered = TRUE)
knots <- quantile(s$age, c(.05, .35, .65, .95))
basis <- rcspline.eval(s$age, knots = knots, inclx = TRUE)
s$a1 <- basis[, 1]; s$a2 <- basis[, 2]; s$a3 <- basis[, 3]
s$e <- factor(s$etiology)
t2 <- clm(o ~ a1 + a2 + a3 + e + male * nihss, data = s, control = control)
block <- 1:3
w <- coef(t2)[paste0("a", 1:3)]
out$spline <- list(
  knots = number(knots), estimate = number(t2$beta), log_likelihood = number(logLik(t2)),
  se = number(sqrt(diag(vcov(t2)))[names(t2$beta)]),
  spline_chi2 = number(t(w) %*% solve(vcov(t2)[names(w), names(w)]) %*% w)
)

# Dichotomies: logistic, Firth, AUC -----------------------------------------------------------
k$good <- as.integer(k$y <= 2)
g <- glm(good ~ age + male + nihss + prior, data = k, family = binomial,
         control = glm.control(epsilon = 1e-14, maxit = 100))
a <- roc(k$good, fitted(g), quiet = TRUE, direction = "<")
pr <- suppressMessages(confint(g))
out$good <- list(
  estimate = number(coef(g)[-1]), se = number(sqrt(diag(vcov(g)))[-1]),
  intercept = number(coef(g)[1]), intercept_se = number(sqrt(diag(vcov(g)))[1]),
  log_likelihood = number(logLik(g)), profile_low = number(pr[-1, 1]),
  profile_high = number(pr[-1, 2]),
  auc = number(auc(a)), auc_low = number(ci.auc(a)[1]), auc_high = number(ci.auc(a)[3])
)
k$death <- as.integer(k$y == 6)
b <- glm(death ~ age + male + nihss + prior, data = k, family = binomial, method = "brglmFit",
         type = "AS_mean", control = list(epsilon = 1e-12, maxit = 500))
out$firth <- list(estimate = number(coef(b)), se = number(sqrt(diag(vcov(b)))))
x <- cbind(1, as.matrix(k[, c("age", "male", "nihss", "prior")]))
# The penalised profile and likelihood ratio, from the penalised likelihood itself.
penalised <- function(beta, x, y) {
  eta <- as.vector(x %*% beta); p <- plogis(eta)
  sum(y * plogis(eta, log.p = TRUE) + (1 - y) * plogis(-eta, log.p = TRUE)) +
    as.numeric(determinant(t(x) %*% (x * (p * (1 - p))))$modulus) / 2
}
standard <- apply(x[, -1], 2, sd)
xs <- cbind(1, sweep(x[, -1], 2, standard, "/"))
top <- optim(c(coef(b)[1], coef(b)[-1] * standard), penalised, x = xs, y = k$death, method = "BFGS",
             control = list(fnscale = -1, reltol = 1e-15, maxit = 2000))
held <- function(j, value) optim(top$par[-j], function(free) {
  beta <- numeric(5); beta[j] <- value; beta[-j] <- free
  penalised(beta, xs, k$death)
}, method = "BFGS", control = list(fnscale = -1, reltol = 1e-15, maxit = 2000))$value
limit <- function(j, side) uniroot(
  function(value) 2 * (top$value - held(j, value)) - qchisq(.95, 1),
  c(top$par[j], top$par[j] + side * 8 * standard[j - 1] * out$firth$se[j]), tol = 1e-9
)$root / standard[j - 1]
out$firth$log_likelihood <- top$value + sum(log(standard))
out$firth$profile_low <- number(sapply(2:5, limit, side = -1))
out$firth$profile_high <- number(sapply(2:5, limit, side = 1))
out$firth$p <- number(sapply(2:5, function(j)
  pchisq(2 * (top$value - held(j, 0)), 1, lower.tail = FALSE)))

# Complete separation: Firth on a table of 2 x 2 with a zero, where the estimate has a closed form
q <- data.frame(x = rep(0:1, c(10, 10)), y = c(rep(0, 10), rep(0, 4), rep(1, 6)))
out$separated <- list(estimate = number(coef(glm(y ~ x, data = q, family = binomial,
  method = "brglmFit", type = "AS_mean", control = list(epsilon = 1e-12)))))

# Linear --------------------------------------------------------------------------------------
n <- d[complete.cases(d[, c("nihss", "age", "male", "bmi")]), ]
l <- lm(nihss ~ age + male + bmi, data = n)
n$cluster <- cut(n$age, c(0, 50, 60, 65, 70, 75, 80, 120))
out$linear <- list(
  n = nrow(n), estimate = number(coef(l)), se = number(sqrt(diag(vcov(l)))),
  hc3 = number(sqrt(diag(vcovHC(l, type = "HC3")))),
  cluster = number(sqrt(diag(vcovCL(l, n$cluster, type = "HC1")))),
  p = number(summary(l)$coefficients[, 4]), log_likelihood = number(logLik(l)), aic = AIC(l),
  r_squared = summary(l)$r.squared, ci = rows(confint(l)),
  influence = number(dfbeta(l)[1, ]),
  vif = sapply(c("age", "male", "bmi"), function(one) {
    others <- setdiff(c("age", "male", "bmi"), one)
    1 / (1 - summary(lm(reformulate(others, one), data = n))$r.squared)
  })
)

# Predicted probabilities, with the delta method -----------------------------------------------
at <- data.frame(age = c(50, 80), male = 1, nihss = 10, prior = 0)
out$probability <- list(
  value = rows(predict(m, newdata = at, type = "prob", se.fit = TRUE)$fit),
  se = rows(predict(m, newdata = at, type = "prob", se.fit = TRUE)$se.fit)
)

# One subject left out --------------------------------------------------------------------------
out$left_out <- list(first = number(coef(m)["age"] -
  coef(clm(o ~ age + male + nihss + prior, data = k[-1, ], control = control))["age"]))

# MR CLEAN, as published: NEJM 2015;372:11 ------------------------------------------------------
mr <- data.frame(
  y = factor(rep(0:6, 2), ordered = TRUE), control = rep(1:0, each = 7),
  n = c(1, 15, 35, 44, 81, 32, 59, 6, 21, 49, 43, 52, 13, 49)
)
z <- clm(y ~ control, weights = n, data = mr, control = control)
out$mr_clean <- list(
  estimate = number(coef(z)["control"]), se = number(sqrt(diag(vcov(z)))["control"]),
  log_likelihood = number(logLik(z)), wald = number(confint(z, type = "Wald")["control", ]),
  profile = number(confint(z)["control", ])
)

write_json <- function(x, indent = "") {
  if (is.list(x)) {
    inner <- paste0(indent, "  ")
    keys <- names(x)
    parts <- sapply(seq_along(x), function(i)
      paste0(if (is.null(keys)) "" else sprintf("\"%s\": ", keys[i]), write_json(x[[i]], inner)))
    marks <- if (is.null(keys)) c("[", "]") else c("{", "}")
    return(paste0(marks[1], "\n", inner, paste(parts, collapse = paste0(",\n", inner)), "\n", indent, marks[2]))
  }
  text <- if (is.character(x)) sprintf("\"%s\"", x) else sprintf("%.15g", x)
  if (length(x) == 1) text else paste0("[", paste(text, collapse = ", "), "]")
}
cat(write_json(out), "\n", sep = "")
