"""Sign-up forms: their list, the editor, and what each variant brought."""
