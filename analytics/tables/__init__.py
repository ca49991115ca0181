"""Result tables, and the files they become: Word, LaTeX, Excel, HTML, CSV."""
