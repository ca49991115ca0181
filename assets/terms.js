/* The form that a term of a model takes: what is chosen is written into the list's hidden field,
   for the term and for the products that it is part of. */
(() => {
    document.addEventListener("change", (event) => {
        const select = event.target.closest && event.target.closest(".term-form");
        if (!select) {
            return;
        }
        const list = select.closest(".order");
        const before = select.closest(".order-item").dataset.name;
        const again = (part) => (part === before ? select.value : part);
        const texts = [...list.querySelectorAll(".order-item")].map((item) =>
            item.dataset.name.split(":").map(again).join(":"),
        );
        const field = list.querySelector('input[type="hidden"]');
        window.dash_clientside.set_props(JSON.parse(field.id), { value: texts.join(",") });
    });
})();
