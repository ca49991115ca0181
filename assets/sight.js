/* Parts of a page that are drawn once they come into sight: the page is told which are. */
(() => {
    const seen = new WeakSet();
    const watcher = new IntersectionObserver(
        (entries) => {
            entries.forEach(({ target, isIntersecting }) => {
                const sight = isIntersecting ? "yes" : "no";
                if (target.isConnected && target.dataset.sight !== sight) {
                    window.dash_clientside.set_props(target.id, { "data-sight": sight });
                }
            });
        },
        { rootMargin: "400px 0px" },
    );
    new MutationObserver(() => {
        document.querySelectorAll(".when-seen").forEach((part) => {
            if (!seen.has(part)) {
                seen.add(part);
                watcher.observe(part);
            }
        });
    }).observe(document.documentElement, { childList: true, subtree: true });
})();
