"""What each page does: `show` functions answer a page, the others take a form and answer a redirect."""
