"""HTO Track: takes a cohort of hybride techniekopleiders through its training, with an honest load."""
