# Fisher's exact test of tables of many shapes, by R's own.
# Run as `Rscript exact.R` in this folder; writes exact.json.

library(jsonlite)
tables <- list(
  rbind(c(3, 1), c(1, 3)),
  rbind(c(10, 2), c(3, 15)),
  rbind(c(0, 9), c(12, 4)),
  rbind(c(490, 20), c(1, 2), c(400, 7)),
  rbind(c(61, 40), c(41, 20), c(25, 16), c(15, 15), c(8, 2), c(1, 4)),
  rbind(c(4, 1, 0), c(2, 3, 4), c(0, 1, 5)),
  rbind(c(20, 11, 5), c(12, 13, 4), c(10, 1, 5), c(3, 2, 1)),
  rbind(c(1, 2, 1, 0), c(3, 3, 6, 1), c(10, 10, 14, 9), c(6, 7, 12, 11)),
  rbind(c(0, 3, 1), c(2, 2, 0), c(1, 0, 3), c(0, 1, 1), c(3, 0, 0), c(1, 1, 1), c(0, 2, 2)),
  rbind(c(5, 5, 5, 5, 5), c(1, 2, 3, 4, 5)),
  rbind(c(2, 2, 2), c(2, 2, 2), c(2, 2, 2)),
  rbind(c(1, 0), c(0, 1)),
  rbind(c(30000, 20), c(20000, 3)),
  rbind(c(0, 0, 7), c(8, 0, 0), c(0, 6, 0))
)
p <- vapply(tables, function(t) fisher.test(t, workspace = 2e8)$p.value, 0)
write_json(list(tables = tables, p = p), "exact.json", digits = NA)
