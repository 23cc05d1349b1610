"""What programs are told: plain values, public ones only. Addresses begin at the site's root."""
