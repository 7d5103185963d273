"""The steps by which the schema came to be, oldest first. A step that has been released is never changed."""
