dist_man_MANS += man/mailstead.1
