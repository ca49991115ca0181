"""The commands of `insula`, a module a noun; `app` composes them."""
